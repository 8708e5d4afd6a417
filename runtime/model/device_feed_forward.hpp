// The feed-forward half of a layer on a device: the counterpart of FeedForward. The host learns
// what was routed, has the store bring what is missing, and launches.
#pragma once

#include <vector>

#include "runtime/model/device_experts.hpp"
#include "runtime/model/device_router.hpp"
#include "runtime/model/device_weights.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceFeedForward {
 public:
    struct Settings {
        kernels::RouterRule rule;
        DeviceExperts::Settings experts;
    };
    // Takes its scratch from `memory`; that, the store and the stream must outlive this.
    DeviceFeedForward(const Hyperparameters& h,
                      const Settings& settings,
                      cache::ExpertStore& store,
                      kernels::Stream& stream,
                      DeviceMemory& memory);

    // One layer's call, in device memory: x and out are (n_tokens, embed); out += the layer's
    // output.
    struct Call {
        int layer;
        int first_position;
        int n_tokens;
        const DeviceLayerWeights& weights;
        const float* x;
        float* out;
    };
    io::Result<void> run(const Call& call);

    void predict_with(Prefetcher* prefetcher) { prefetcher_ = prefetcher; }
    void observe_routing(RoutingObserver observer) { observer_ = std::move(observer); }

 private:
    // A device that failed is the reason of what the store could not do.
    io::Error device_error_or(const io::Error& error) const;
    std::span<float> host_x(int n_tokens);  // (n_tokens, embed), or empty
    // To the observer and the prefetcher.
    void pass_on(const RoutedBatch& routed);

    const Hyperparameters h_;
    Prefetcher* prefetcher_ = nullptr;
    cache::ExpertStore& store_;
    kernels::Stream& stream_;
    RoutingObserver observer_;

    DeviceRouter router_;
    ExpertGroups groups_;
    std::vector<cache::UseOutcome> outcomes_;  // (k): of the token that the observer is told of
    DeviceActivations input_;
    DeviceExperts experts_;
};

}  // namespace greenroom::runtime
