// The attention half of a layer in device memory: the counterpart of SelfAttention.
#pragma once

#include "kernels/attention.hpp"
#include "kernels/rope.hpp"
#include "runtime/model/device_activations.hpp"
#include "runtime/model/device_weights.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceAttention {
 public:
    struct Settings {
        kernels::RopePairing pairing;
        const float* inv_freq;  // (rope_dims / 2), in device memory
        int batch;              // most tokens in one call
        int capacity;           // most positions in the cache
    };

    // Takes its scratch from `memory`, which must outlive this.
    DeviceAttention(const Hyperparameters& h, const Settings& settings, DeviceMemory& memory);

    // One layer's call, all in device memory: x and out are (n_tokens, embed); out += the layer's
    // output. The tokens' own keys and values are in the cache afterwards.
    struct Call {
        const DeviceLayerWeights& weights;
        kernels::KvLayer cache;
        int first_position;
        int n_tokens;
        const float* x;
        float* out;
    };
    void run(const Call& call, kernels::Stream& stream);

 private:
    kernels::Rope rope(float* x, int heads, const Call& call) const;
    void attend(const Call& call, kernels::Stream& stream);  // into sums_

    const Hyperparameters h_;
    const Settings settings_;
    DeviceActivations input_, attended_;
    float* q_;     // (batch, heads * head_dim)
    float* k_;     // (batch, kv_heads * head_dim)
    float* v_;     // (batch, kv_heads * head_dim)
    float* sums_;  // (batch, heads * head_dim)
    float* scratch_;
};

}  // namespace greenroom::runtime
