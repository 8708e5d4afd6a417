#include "runtime/model/device_feed_forward.hpp"

#include <algorithm>

namespace greenroom::runtime {

DeviceFeedForward::DeviceFeedForward(const Hyperparameters& h,
                                     const Settings& settings,
                                     cache::ExpertStore& store,
                                     kernels::Stream& stream,
                                     DeviceMemory& memory)
    : h_(h),
      store_(store),
      stream_(stream),
      router_(h, settings.rule, settings.experts.batch, memory),
      groups_(std::max(h.experts, 1), std::max(h.experts_used, 1), settings.experts.batch),
      outcomes_(static_cast<std::size_t>(h.experts_used)),
      input_(memory, settings.experts.batch, h.embed),
      experts_(h, settings.experts, store, stream, memory) {}

io::Result<void> DeviceFeedForward::run(const Call& call) {
    const DeviceLayerWeights& w = call.weights;
    input_.assign(call.x, call.n_tokens, h_.embed);
    if (w.router.rows == 0) {
        experts_.apply(w.dense, input_, call.out, DeviceExperts::Result::adds);
        return {};
    }
    const auto routed = router_.route({.layer = call.layer,
                                       .first_position = call.first_position,
                                       .router = w.router,
                                       .x = input_,
                                       .hidden = call.out,
                                       .host_x = host_x(call.n_tokens)},
                                      stream_);
    if (!routed) return routed.error();
    groups_.sort(call.layer, routed->experts);
    const auto stages = store_.announce(groups_.keys());
    if (!stages) return device_error_or(stages.error());
    pass_on(*routed);  // behind those loads, never ahead of them
    auto ran = experts_.run({.layer = call.layer,
                             .n_tokens = call.n_tokens,
                             .x = call.x,
                             .input = input_,
                             .experts = router_.experts(),
                             .weights = router_.weights(),
                             .groups = groups_,
                             .stages = *stages,
                             .out = call.out});
    if (!ran) return device_error_or(ran.error());
    return {};
}

io::Error DeviceFeedForward::device_error_or(const io::Error& error) const {
    auto device = check_device(stream_.device());
    return device ? error : device.error();
}

std::span<float> DeviceFeedForward::host_x(int n_tokens) {
    const std::span<float> all = experts_.host_x();
    return all.empty() ? all : all.first(static_cast<std::size_t>(n_tokens * h_.embed));
}

void DeviceFeedForward::pass_on(const RoutedBatch& routed) {
    if (observer_) tell(observer_, routed, store_, outcomes_);
    if (prefetcher_ != nullptr) plan_ahead(*prefetcher_, routed, router_.last_hidden());
}

}  // namespace greenroom::runtime
