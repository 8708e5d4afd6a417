#include "runtime/lab/model_shape.hpp"

#include <algorithm>
#include <array>

namespace greenroom::runtime {
namespace {

// Numbers from the published config.json of each model. "-like": the shape of a family that has
// rules of its own, in the rules of llama, so that sizes and speeds are those of the real one.
constexpr std::array kShapes = {
    ModelShape{.name = "mixtral-8x7b",
               .summary = "46.7 billion parameters, 2 of 8 experts",
               .numbers = {.layers = 32,
                           .embed = 4096,
                           .heads = 32,
                           .kv_heads = 8,
                           .head_dim = 128,
                           .expert_ff = 14336,
                           .experts = 8,
                           .experts_used = 2,
                           .vocabulary = 32000,
                           .context = 32768,
                           .rms_eps = 1e-5f,
                           .rope_base = 1e6,
                           .rope_dims = 128}},
    ModelShape{.name = "mixtral-8x22b",
               .summary = "140.6 billion parameters, 2 of 8 experts",
               .numbers = {.layers = 56,
                           .embed = 6144,
                           .heads = 48,
                           .kv_heads = 8,
                           .head_dim = 128,
                           .expert_ff = 16384,
                           .experts = 8,
                           .experts_used = 2,
                           .vocabulary = 32000,
                           .context = 65536,
                           .rms_eps = 1e-5f,
                           .rope_base = 1e6,
                           .rope_dims = 128}},
    ModelShape{.name = "qwen3-30b-a3b-like",
               .summary = "30.5 billion parameters, 8 of 128 experts",
               .numbers = {.layers = 48,
                           .embed = 2048,
                           .heads = 32,
                           .kv_heads = 4,
                           .head_dim = 128,
                           .expert_ff = 768,
                           .experts = 128,
                           .experts_used = 8,
                           .vocabulary = 151936,
                           .context = 40960,
                           .rms_eps = 1e-6f,
                           .rope_base = 1e6,
                           .rope_dims = 128}},
    ModelShape{.name = "mistral-7b",
               .summary = "7.2 billion parameters, dense",
               .numbers = {.layers = 32,
                           .embed = 4096,
                           .heads = 32,
                           .kv_heads = 8,
                           .head_dim = 128,
                           .dense_ff = 14336,
                           .vocabulary = 32000,
                           .context = 32768,
                           .rms_eps = 1e-5f,
                           .rope_base = 1e6,
                           .rope_dims = 128}},
    ModelShape{.name = "tinyllama-1.1b",
               .summary = "1.1 billion parameters, dense",
               .numbers = {.layers = 22,
                           .embed = 2048,
                           .heads = 32,
                           .kv_heads = 4,
                           .head_dim = 64,
                           .dense_ff = 5632,
                           .vocabulary = 32000,
                           .context = 2048,
                           .rms_eps = 1e-5f,
                           .rope_base = 1e4,
                           .rope_dims = 64}},
    ModelShape{.name = "small-moe",
               .summary = "58 million parameters, 2 of 8 experts, for trials",
               .numbers = {.layers = 8,
                           .embed = 512,
                           .heads = 8,
                           .kv_heads = 2,
                           .head_dim = 64,
                           .expert_ff = 512,
                           .experts = 8,
                           .experts_used = 2,
                           .vocabulary = 2048,
                           .context = 2048,
                           .rms_eps = 1e-5f,
                           .rope_base = 1e4,
                           .rope_dims = 64}},
};

}  // namespace

std::span<const ModelShape> model_shapes() {
    return kShapes;
}

const ModelShape* find_model_shape(std::string_view name) {
    const auto found = std::ranges::find(kShapes, name, &ModelShape::name);
    return found == kShapes.end() ? nullptr : &*found;
}

}  // namespace greenroom::runtime
