#include "runtime/model/device_router.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace greenroom::runtime {

io::Result<void> check_device(const kernels::Device& device) {
    const auto fault = device.fault();
    if (!fault) return {};
    return io::Error{fmt::format("{} failed at {}: {} (error {})",
                                 device.facts().name,
                                 fault->call,
                                 fault->text,
                                 fault->error)};
}

DeviceRouter::DeviceRouter(const Hyperparameters& h,
                           kernels::RouterRule rule,
                           int batch,
                           DeviceMemory& memory)
    : h_(h), rule_(rule) {
    const auto pairs = static_cast<std::size_t>(batch) * static_cast<std::size_t>(h.experts_used);
    logits_ =
        memory.take<float>(static_cast<std::size_t>(batch) * static_cast<std::size_t>(h.experts));
    experts_ = memory.take<std::int32_t>(pairs);
    weights_ = memory.take<float>(pairs);
    host_experts_ = memory.share<std::int32_t>(pairs);
    host_weights_ = memory.share<float>(pairs);
    host_hidden_ = memory.share<float>(static_cast<std::size_t>(h.embed));
}

io::Result<RoutedBatch> DeviceRouter::route(const Call& call, kernels::Stream& stream) {
    const int n = call.x.n_rows();
    launch(kernels::DeviceMatMul{.w = call.router,
                                 .x = call.x.rows_for(call.router.type, stream),
                                 .y = logits_,
                                 .n_tokens = n},
           stream);
    launch(kernels::RouteTopK{.logits = logits_,
                              .experts = experts_,
                              .weights = weights_,
                              .n_tokens = n,
                              .n_experts = h_.experts,
                              .k = h_.experts_used,
                              .rule = rule_},
           stream);
    const std::size_t pairs = static_cast<std::size_t>(n * h_.experts_used);
    const auto fetch = [&](auto to, const auto* from) {
        stream.copy({to.data(), from, to.size_bytes(), kernels::CopyDirection::to_host});
    };
    fetch(host_experts_.first(pairs), experts_);
    fetch(host_weights_.first(pairs), weights_);
    fetch(host_hidden_, call.hidden + std::int64_t{n - 1} * h_.embed);
    if (!call.host_x.empty()) fetch(call.host_x, call.x.values());
    stream.synchronize();
    if (auto ok = check_device(stream.device()); !ok) return ok.error();
    const RoutedBatch routed{.layer = call.layer,
                             .first_position = call.first_position,
                             .n_tokens = n,
                             .experts = host_experts_.first(pairs),
                             .weights = host_weights_.first(pairs)};
    const bool finite =
        std::ranges::all_of(routed.weights, [](float w) { return std::isfinite(w); });
    if (!finite) return io::Error{fmt::format("non-finite values at layer {}", call.layer)};
    return routed;
}

}  // namespace greenroom::runtime
