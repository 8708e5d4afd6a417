// What an independent implementation computed with a model of the reference data
// (data/models/README.md says how).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace greenroom::tests {

// What one layer chose for one position, in order of falling weight.
struct ReferenceChoice {
    std::vector<std::int32_t> experts;
    std::vector<float> weights;
};

struct ReferenceModel {
    int vocabulary = 0;
    std::vector<std::int32_t> prompt_ids;
    std::vector<float> logits;             // (prompt, vocabulary), after each id of the prompt
    std::vector<std::int32_t> greedy_ids;  // after the whole prompt
    std::vector<std::vector<ReferenceChoice>> routing;  // [layer][position]; no layer when dense
    // Of llama.cpp, which rounds activations to 8 bits on quantised files; 0 when not stated.
    double peer_mean_difference = 0;
};

// `expected` is the folder's expected.json; `logits` the file there that belongs to the form of the
// model, "expected_logits.f32" for the weights as published.
ReferenceModel read_reference_model(const std::filesystem::path& expected, std::string_view logits);

// Floats as a file has them.
std::vector<float> read_floats(const std::filesystem::path& path);

}  // namespace greenroom::tests
