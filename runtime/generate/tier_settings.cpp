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

// "6GiB", or "2/layer": so many experts of every layer.
struct Budget {
    std::uint64_t bytes = 0;
    int experts_per_layer = 0;
};

io::Result<Budget> budget_of(std::string_view name, std::string_view text) {
    constexpr std::string_view kPerLayer = "/layer";
    if (!text.ends_with(kPerLayer)) {
        const auto bytes = size_of(name, text);
        if (!bytes) return bytes.error();
        return Budget{.bytes = *bytes};
    }
    const auto experts = parse_integer(text.substr(0, text.size() - kPerLayer.size()));
    if (!experts || *experts < 1 || *experts > kMaxExperts) {
        return io::Error{fmt::format(
            "{}: expected a number of experts such as 2/layer, got \"{}\"", name, text)};
    }
    return Budget{.experts_per_layer = static_cast<int>(*experts)};
}

cache::MissRule miss_rule(std::string_view path) {
    if (path == "cpu") return cache::MissRule::cpu;
    return path == "split" ? cache::MissRule::split : cache::MissRule::fetch;
}

// A budget of "auto" is 0 here: the model knows what a GPU has room for.
io::Result<EmulatedDevice> device_tier(const DeviceSection& section, const MissSection& miss) {
    const auto budget = section.expert_budget == "auto"
                            ? io::Result<Budget>(Budget{})
                            : budget_of("device.expert_budget", section.expert_budget);
    if (!budget) return budget.error();
    std::string_view rate = section.link_limit;
    if (rate.ends_with("/s")) rate.remove_suffix(2);
    const auto per_second = size_of("device.link_limit", rate);
    if (!per_second) return per_second.error();
    return EmulatedDevice{.budget_bytes = budget->bytes,
                          .link_bytes_per_second = static_cast<double>(*per_second),
                          .inclusion = section.residency == "exclusive"
                                           ? cache::Inclusion::exclusive
                                           : cache::Inclusion::inclusive,
                          .miss = miss_rule(miss.path),
                          .experts_per_layer = budget->experts_per_layer};
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
    if (settings.cache.policy == "belady") {
        return io::Error{"cache.policy: 'belady' must know the future; it is for replays"};
    }
    if (settings.cache.policy == "static" && settings.cache.profile.empty()) {
        return io::Error{"cache.policy: 'static' needs cache.profile, a recorded trace"};
    }
    if (settings.cache.layers == "profile" && settings.cache.profile.empty()) {
        return io::Error{"cache.layers: 'profile' needs cache.profile, a recorded trace"};
    }
    out.policy = settings.cache.policy;
    out.scope = settings.cache.scope == "layer" ? cache::Scope::layer : cache::Scope::global;
    out.seed = static_cast<std::uint64_t>(settings.cache.seed);
    out.queue = settings.disk.queue == "io_uring" ? io::QueueKind::uring
                : settings.disk.queue == "pread"  ? io::QueueKind::pread
                                                  : io::QueueKind::automatic;
    out.queue_depth = settings.disk.queue_depth;
    if (settings.host.expert_budget != "auto") {
        const auto budget = budget_of("host.expert_budget", settings.host.expert_budget);
        if (!budget) return budget.error();
        out.host_budget_bytes = budget->bytes;
        out.host_experts_per_layer = budget->experts_per_layer;
    }
    if (settings.device.kind == "emulated" || settings.device.kind == "cuda") {
        const auto device = device_tier(settings.device, settings.miss);
        if (!device) return device.error();
        out.device = *device;
    }
    if (auto ok = take_prefetch(settings.prefetch, out); !ok) return ok.error();
    return out;
}

}  // namespace greenroom::runtime
