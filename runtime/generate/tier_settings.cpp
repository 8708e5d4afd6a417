#include "runtime/generate/tier_settings.hpp"

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
    const auto guesses = size_of("prefetch.budget", settings.prefetch.budget);
    if (!guesses) return guesses.error();
    out.guess_bytes = *guesses;
    return out;
}

}  // namespace greenroom::runtime
