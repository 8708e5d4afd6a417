// A model's weights in device memory, all but the experts that stand in tiers. Knows no op.
#pragma once

#include <vector>

#include "runtime/model/device_memory.hpp"
#include "runtime/model/load_weights.hpp"

namespace greenroom::runtime {

struct DeviceLayerWeights {
    const float* attention_norm = nullptr;  // (embed)
    const float* ffn_norm = nullptr;        // (embed)
    kernels::Matrix q, k, v, attention_output;
    kernels::Matrix router;             // no rows in a dense layer
    kernels::ExpertWeights dense = {};  // of a dense layer
};

struct DeviceWeights {
    kernels::Matrix embedding, output;
    const float* output_norm = nullptr;  // (embed)
    const float* inv_freq = nullptr;     // (rope_dims / 2)
    std::vector<DeviceLayerWeights> layers;
};

// Copies weights that lie in rows into `memory`; complete when that is. They must stay until the
// stream got there.
DeviceWeights copy_weights(const Weights& weights,
                           std::span<const float> inv_freq,
                           DeviceMemory& memory);

}  // namespace greenroom::runtime
