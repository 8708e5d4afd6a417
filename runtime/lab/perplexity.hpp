// How well a model predicts a text, given as token ids. Knows no tokenizer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "io/result.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

// How the ids are cut into windows of `context` ids. Nothing is carried from one window to the
// next, and a rest that fills no window is left out.
enum class Windows {
    peer,     // one after the other; the first half of each is context only (llama.cpp's way)
    sliding,  // a new one every `stride` ids; those that an earlier window has scored are context
};

struct PerplexitySettings {
    Windows windows = Windows::peer;
    int context = 512;
    int stride = 0;  // of sliding windows, at most `context`; 0: `context`
    // Put in place of each window's first id: BOS, for models whose texts begin with one.
    std::optional<std::int32_t> first_id = {};
    std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};  // in windows
};

struct Perplexity {
    double perplexity = 0;      // exp(nll)
    double nll = 0;             // mean of -log p(id), in nats
    double standard_error = 0;  // of the perplexity, predictions taken as independent
    std::uint64_t tokens = 0;   // predictions scored
};

// Forgets what the model has read. An Error when not even one window fills, or where the model
// reports one.
io::Result<Perplexity> measure_perplexity(Model& model,
                                          std::span<const std::int32_t> ids,
                                          const PerplexitySettings& settings);

}  // namespace greenroom::runtime
