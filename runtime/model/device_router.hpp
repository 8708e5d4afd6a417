// A layer's router on a device, and the copy of its choices that the host waits for. Knows no
// expert.
#pragma once

#include <span>

#include "kernels/route_top_k.hpp"
#include "runtime/model/device_activations.hpp"
#include "runtime/model/hyperparameters.hpp"
#include "runtime/model/routed_batch.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceRouter {
 public:
    // Takes its buffers from `memory`, which must outlive this.
    DeviceRouter(const Hyperparameters& h,
                 kernels::RouterRule rule,
                 int batch,
                 DeviceMemory& memory);

    struct Call {
        int layer;
        int first_position;
        const kernels::Matrix& router;  // (experts, embed)
        DeviceActivations& x;           // (n_tokens, embed)
        const float* hidden;            // (n_tokens, embed): the residual stream
        std::span<float> host_x = {};   // where the host wants x too: (n_tokens, embed)
    };
    // Waits for the device. An Error when that failed, or when the layer's values are not finite.
    io::Result<RoutedBatch> route(const Call& call, kernels::Stream& stream);

    // The choices of the last call where the device has them: (n_tokens, k).
    const std::int32_t* experts() const { return experts_; }
    const float* weights() const { return weights_; }
    // The residual stream of the last token: (embed), on the host.
    const float* last_hidden() const { return host_hidden_.data(); }

 private:
    const Hyperparameters h_;
    const kernels::RouterRule rule_;
    float* logits_;          // (batch, experts)
    std::int32_t* experts_;  // (batch, k)
    float* weights_;         // (batch, k)
    std::span<std::int32_t> host_experts_;
    std::span<float> host_weights_;
    std::span<float> host_hidden_;
};

// The fault of a device as an Error; the answer of every wait for it.
io::Result<void> check_device(const kernels::Device& device);

}  // namespace greenroom::runtime
