#include "runtime/generate/tier_settings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace greenroom::runtime {
namespace {

io::Result<std::uint64_t> size_of(std::string_view name, std::string_view text) {
    const io::Result<std::uint64_t> bytes = parse_bytes(text);
    if (!bytes) return io::Error{fmt::format("{}: {}", name, bytes.error().message)};
    return *bytes;
}

io::Result<EmulatedDevice> emulated_device(const DeviceSection& section) {
    const auto budget = size_of("device.expert_budget", section.expert_budget);
    if (!budget) return budget.error();
    std::string_view rate = section.link_limit;
    if (rate.ends_with("/s")) rate.remove_suffix(2);
    const auto per_second = size_of("device.link_limit", rate);
    if (!per_second) return per_second.error();
    return EmulatedDevice{.budget_bytes = *budget,
                          .link_bytes_per_second = static_cast<double>(*per_second),
                          .inclusion = section.residency == "exclusive"
                                           ? cache::Inclusion::exclusive
                                           : cache::Inclusion::inclusive};
}

io::Result<void> take_prefetch(const PrefetchSection& section, ExpertTierSettings& out) {
    const auto names = prefetch::predictor_names();
    if (section.predictor == "oracle") {
        return io::Error{"prefetch.predictor: 'oracle' needs a recorded trace; it is for replays"};
    }
    if (std::ranges::find(names, section.predictor) == names.end()) {
        return io::Error{fmt::format("prefetch.predictor: expected one of {}, got \"{}\"",
                                     fmt::join(names, ", "),
                                     section.predictor)};
    }
    out.prefetch.predictor = section.predictor;
    out.prefetch.plan = {.look_ahead = static_cast<std::size_t>(section.look_ahead),
                         .host_look_ahead = static_cast<std::size_t>(section.host_look_ahead),
                         .guesses = static_cast<std::size_t>(section.guesses),
                         .confidence = static_cast<float>(section.confidence)};
    if (section.budget == "auto") return {};
    const auto bytes = size_of("prefetch.budget", section.budget);
    if (!bytes) return bytes.error();
    out.guess_bytes = *bytes;
    return {};
}

}  // namespace

io::Result<ExpertTierSettings> expert_tier_settings(const Settings& settings) {
    ExpertTierSettings out;
    if (settings.cache.policy == "belady" || settings.cache.policy == "static") {
        return io::Error{fmt::format("cache.policy: '{}' needs a recorded trace; it is for replays",
                                     settings.cache.policy)};
    }
    out.policy = settings.cache.policy;
    out.scope = settings.cache.scope == "layer" ? cache::Scope::layer : cache::Scope::global;
    out.seed = static_cast<std::uint64_t>(settings.cache.seed);
    out.queue = settings.disk.queue == "io_uring" ? io::QueueKind::uring
                : settings.disk.queue == "pread"  ? io::QueueKind::pread
                                                  : io::QueueKind::automatic;
    out.queue_depth = settings.disk.queue_depth;
    if (settings.host.expert_budget != "auto") {
        const auto budget = size_of("host.expert_budget", settings.host.expert_budget);
        if (!budget) return budget.error();
        out.host_budget_bytes = *budget;
    }
    if (settings.device.kind == "emulated") {
        const auto device = emulated_device(settings.device);
        if (!device) return device.error();
        out.device = *device;
    }
    if (auto ok = take_prefetch(settings.prefetch, out); !ok) return ok.error();
    return out;
}

}  // namespace greenroom::runtime
