// The numbers that shape a model, from GGUF metadata or config.json alike. Knows no tensors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/json.hpp"
#include "io/metadata.hpp"
#include "io/result.hpp"

namespace greenroom::runtime {

// How the rotary frequencies are stretched for contexts longer than the trained one.
struct RopeScaling {
    enum class Kind { none, linear, llama3 };
    Kind kind = Kind::none;
    double factor = 1;
    // llama3 only (Llama 3.1 model card; config.json "rope_scaling").
    double low_freq_factor = 1;
    double high_freq_factor = 4;
    double original_context = 8192;
};

struct Hyperparameters {
    int layers = 0;
    int embed = 0;
    int heads = 0;
    int kv_heads = 0;
    int head_dim = 0;
    int dense_ff = 0;      // width of a dense feed-forward block; 0 when there is none
    int expert_ff = 0;     // width of one expert; 0 when there are none
    int experts = 0;       // 0: a dense model
    int experts_used = 0;  // k of the top-k
    int vocabulary = 0;    // 0: take it from the embedding's rows
    int context = 0;       // trained positions
    int window = 0;        // sliding window, the own position counted; 0: none
    float rms_eps = 0;
    double rope_base = 10000;
    int rope_dims = 0;  // elements of a head that turn; even, <= head_dim
    RopeScaling rope_scaling = {};
};

// Bounds that every later size computation may rely on. Models outside are refused by name.
inline constexpr int kMaxLayers = 512;
inline constexpr int kMaxExperts = 1024;
inline constexpr int kMaxHeads = 1024;
inline constexpr int kMaxWidth = 1 << 20;
inline constexpr int kMaxContext = 1 << 28;

// `architecture` is the prefix of the keys: "llama" in "llama.block_count". An Error names file,
// key and value (HAZARDS 47-54).
io::Result<Hyperparameters> read_gguf_hyperparameters(const io::Metadata& metadata,
                                                      const std::string& architecture);

// From a parsed config.json; `name` is its path (HAZARDS 85, 86).
io::Result<Hyperparameters> read_config_hyperparameters(const io::Json& config,
                                                        const std::string& name);

// The checks that do not depend on where the numbers came from.
io::Result<void> check_hyperparameters(const Hyperparameters& h, const std::string& file);

// Frequencies of the rotation pairs, in radians per position: (rope_dims / 2).
std::vector<float> rope_frequencies(const Hyperparameters& h);

}  // namespace greenroom::runtime
