// What a synthetic model's file holds: metadata, and the name, shape and type of every tensor.
// Knows no weights.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/metadata.hpp"
#include "io/result.hpp"
#include "io/write/gguf_writer.hpp"

namespace greenroom::runtime {

struct SynthRequest {
    std::string shape = {};          // a name of model_shapes()
    std::string quant = "q4_k_m";    // find_quant_mix
    std::optional<int> layers = {};  // instead of the shape's
    std::optional<int> experts = {};
    std::uint64_t seed = 1;
};

struct SynthPlan {
    io::Metadata metadata;
    std::vector<io::TensorPlan> tensors;  // vectors are norms, the rest matrices
};

// `tokenizer` is the metadata of a model whose tokenizer is taken and padded to the shape's
// vocabulary. An Error names the shape or quantisation, and those there are.
io::Result<SynthPlan> plan_synthetic_model(const SynthRequest& request,
                                           const io::Metadata& tokenizer);

}  // namespace greenroom::runtime
