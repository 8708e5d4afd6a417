#include "runtime/model/device_weights.hpp"

namespace greenroom::runtime {
namespace {

const float* copy(const std::vector<float>& values, DeviceMemory& memory) {
    return memory.copy(std::span<const float>(values));
}

DeviceLayerWeights copy_layer(const LayerWeights& layer, DeviceMemory& memory) {
    DeviceLayerWeights out;
    out.attention_norm = copy(layer.attention_norm, memory);
    out.ffn_norm = copy(layer.ffn_norm, memory);
    out.q = memory.copy(layer.q);
    out.k = memory.copy(layer.k);
    out.v = memory.copy(layer.v);
    out.attention_output = memory.copy(layer.attention_output);
    if (layer.router.rows != 0) out.router = memory.copy(layer.router);
    return out;
}

}  // namespace

DeviceWeights copy_weights(const Weights& weights,
                           std::span<const float> inv_freq,
                           DeviceMemory& memory) {
    DeviceWeights out;
    out.embedding = memory.copy(weights.embedding);
    const bool is_tied = weights.output.data == weights.embedding.data;
    out.output = is_tied ? out.embedding : memory.copy(weights.output);
    out.output_norm = copy(weights.output_norm, memory);
    out.inv_freq = memory.copy(inv_freq);
    for (std::size_t l = 0; l < weights.layers.size(); ++l) {
        out.layers.push_back(copy_layer(weights.layers[l], memory));
        if (out.layers[l].router.rows != 0) continue;
        const kernels::ExpertWeights& dense = weights.experts[l].front();
        out.layers[l].dense = {
            memory.copy(dense.gate), memory.copy(dense.up), memory.copy(dense.down)};
    }
    return out;
}

}  // namespace greenroom::runtime
