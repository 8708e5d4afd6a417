#include "runtime/model/expert_tiers.hpp"

#include <algorithm>

#include "cache/make_policy.hpp"

namespace greenroom::runtime {
namespace {

cache::Tier::Settings tier_settings(const ExpertTierSettings& settings,
                                    std::uint64_t budget_bytes,
                                    std::size_t n_layers) {
    return {.residency = {.budget_bytes = budget_bytes,
                          .scope = settings.scope,
                          .n_layers = static_cast<int>(n_layers)},
            .guess_bytes = settings.guess_bytes.value_or(0)};
}

cache::TieredSettings store_settings(const ExpertTierSettings& settings, std::size_t n_layers) {
    cache::TieredSettings out{
        .host = tier_settings(settings, settings.host_budget_bytes.value_or(0), n_layers),
        .device = {}};
    if (settings.device) {
        out.device = cache::DeviceTierSettings{
            .tier = tier_settings(settings, settings.device->budget_bytes, n_layers),
            .link = {.bytes_per_second = settings.device->link_bytes_per_second},
            .inclusion = settings.device->inclusion};
    }
    return out;
}

}  // namespace

bool wants_tiers(const ExpertTierSettings& settings) {
    return settings.host_budget_bytes.has_value() || settings.device.has_value();
}

std::uint64_t bytes_for_guesses(const ModelHomes& homes,
                                const PrefetchSettings& settings,
                                int experts_used) {
    std::uint64_t largest = 0;
    for (const LayerHomes& layer : homes.layers) {
        if (!layer.router) continue;
        for (const cache::ExpertHome& home : layer.experts) {
            largest = std::max(largest, cache::slot_layout(home).bytes);
        }
    }
    return most_guesses(settings, experts_used) * largest;
}

prefetch::RoutingShape routing_shape(const ModelHomes& homes, int experts_used) {
    std::vector<std::uint16_t> n_experts;
    for (const LayerHomes& layer : homes.layers) {
        n_experts.push_back(layer.router ? static_cast<std::uint16_t>(layer.experts.size()) : 0);
    }
    return {std::move(n_experts), static_cast<std::size_t>(experts_used)};
}

io::Result<ExpertTiers> make_expert_tiers(const ModelHomes& homes,
                                          std::span<const io::File> files,
                                          const ExpertTierSettings& settings) {
    cache::PolicyInputs inputs;
    inputs.seed = settings.seed;
    if (auto known = cache::make_policy(settings.policy, inputs); !known) return known.error();
    auto made = io::make_read_queue(settings.queue, static_cast<std::size_t>(settings.queue_depth));
    if (!made) return made.error();
    cache::ExpertHomes experts;
    for (const LayerHomes& layer : homes.layers) experts.push_back(layer.experts);
    auto loader =
        std::make_unique<cache::Loader>(files, std::move(made->queue), io::BatchReaderSettings{});
    ExpertTiers out;
    if (!made->notice.empty()) out.notices.push_back(made->notice);
    const cache::LoaderStatus status = loader->status();
    out.notices.insert(out.notices.end(), status.notices.begin(), status.notices.end());
    out.store = std::make_unique<cache::TieredStore>(
        std::move(experts),
        store_settings(settings, homes.layers.size()),
        [&] { return std::move(*cache::make_policy(settings.policy, inputs)); },
        std::move(loader));
    return out;
}

}  // namespace greenroom::runtime
