#include "runtime/model/expert_tiers.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "cache/make_policy.hpp"
#include "runtime/model/routing_facts.hpp"

namespace greenroom::runtime {
namespace {

// Room for so many experts of each layer.
std::vector<std::uint64_t> layer_budgets(const cache::ExpertHomes& homes, int experts) {
    const cache::SlotSizes sizes = cache::slot_sizes(homes);
    std::vector<std::uint64_t> out;
    for (std::size_t l = 0; l < homes.size(); ++l) {
        std::uint64_t largest = 0;
        for (std::size_t e = 0; e < homes[l].size(); ++e) {
            const io::ExpertKey key{static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)};
            largest = std::max(largest, *sizes.bytes.find(key));
        }
        out.push_back(largest * static_cast<std::uint64_t>(experts));
    }
    return out;
}

struct TierBudget {
    std::uint64_t bytes = 0;
    int experts_per_layer = 0;
};

cache::Tier::Settings tier_settings(const ExpertTierSettings& settings,
                                    const TierBudget& budget,
                                    const cache::ExpertHomes& homes) {
    cache::ResidencySettings residency{.budget_bytes = budget.bytes,
                                       .scope = settings.scope,
                                       .n_layers = static_cast<int>(homes.size())};
    if (budget.experts_per_layer > 0) {
        residency.scope = cache::Scope::layer;
        residency.layer_budgets = layer_budgets(homes, budget.experts_per_layer);
    } else if (settings.profile.layer_shares.size() == homes.size()) {
        for (const double share : settings.profile.layer_shares) {
            residency.layer_budgets.push_back(
                static_cast<std::uint64_t>(share * static_cast<double>(budget.bytes)));
        }
    }
    return {.residency = std::move(residency), .guess_bytes = settings.guess_bytes.value_or(0)};
}

cache::TieredSettings store_settings(const ExpertTierSettings& settings,
                                     const cache::ExpertHomes& homes) {
    cache::TieredSettings out{.host = tier_settings(settings,
                                                    {settings.host_budget_bytes.value_or(0),
                                                     settings.host_experts_per_layer},
                                                    homes),
                              .device = {}};
    if (settings.device) {
        out.device = cache::DeviceTierSettings{
            .tier =
                tier_settings(settings,
                              {settings.device->budget_bytes, settings.device->experts_per_layer},
                              homes),
            .link = {.bytes_per_second = settings.device->link_bytes_per_second},
            .reads = settings.device->gpu,
            .inclusion = settings.device->inclusion,
            .miss = settings.device->miss};
    }
    return out;
}

std::uint64_t total(const std::vector<std::uint64_t>& budgets) {
    return std::accumulate(budgets.begin(), budgets.end(), std::uint64_t{0});
}

}  // namespace

bool wants_tiers(const ExpertTierSettings& settings) {
    return settings.host_budget_bytes.has_value() || settings.device.has_value();
}

namespace {

std::uint64_t largest_slot(const ModelHomes& homes) {
    std::uint64_t largest = 0;
    for (const LayerHomes& layer : homes.layers) {
        if (!layer.router) continue;
        for (const cache::ExpertHome& home : layer.experts) {
            largest = std::max(largest, cache::slot_layout(home).bytes);
        }
    }
    return largest;
}

}  // namespace

std::uint64_t bytes_of_a_token(const ModelHomes& homes, int experts_used) {
    return static_cast<std::uint64_t>(experts_used) * largest_slot(homes);
}

std::uint64_t bytes_for_guesses(const ModelHomes& homes,
                                const PrefetchSettings& settings,
                                int experts_used) {
    return most_guesses(settings, experts_used) * largest_slot(homes);
}

prefetch::RoutingShape routing_shape(const ModelHomes& homes, int experts_used) {
    std::vector<std::uint16_t> n_experts;
    for (const LayerHomes& layer : homes.layers) {
        n_experts.push_back(layer.router ? static_cast<std::uint16_t>(layer.experts.size()) : 0);
    }
    return {std::move(n_experts), static_cast<std::size_t>(experts_used)};
}

std::uint64_t bytes_of_all_slots(const ModelHomes& homes) {
    return cache::slot_sizes(routed_experts(homes)).total;
}

void count_layer_budgets(const ModelHomes& homes, ExpertTierSettings& settings) {
    const cache::ExpertHomes experts = routed_experts(homes);
    if (settings.host_experts_per_layer > 0) {
        settings.host_budget_bytes = total(layer_budgets(experts, settings.host_experts_per_layer));
    }
    if (settings.device && settings.device->experts_per_layer > 0) {
        settings.device->budget_bytes =
            total(layer_budgets(experts, settings.device->experts_per_layer));
    }
}

namespace {

// A trace of another model says nothing about this one.
io::Result<void> check_profile(const ExpertProfile& profile, const cache::ExpertHomes& homes) {
    if (profile.layers == 0) return {};
    const std::size_t n = homes.empty() ? 0 : homes.front().size();
    if (static_cast<std::size_t>(profile.layers) == homes.size() &&
        static_cast<std::size_t>(profile.experts) == n) {
        return {};
    }
    return io::Error{
        fmt::format("cache.profile: a trace of {} layers of {} experts; the model has {} of {}",
                    profile.layers,
                    profile.experts,
                    homes.size(),
                    n)};
}

}  // namespace

io::Result<ExpertTiers> make_expert_tiers(const ModelHomes& homes,
                                          std::span<const io::File> files,
                                          const ExpertTierSettings& settings) {
    cache::PolicyInputs inputs;
    inputs.seed = settings.seed;
    inputs.profile = settings.profile.uses;
    if (auto known = cache::make_policy(settings.policy, inputs); !known) return known.error();
    auto made = settings.make_queue(settings.queue, static_cast<std::size_t>(settings.queue_depth));
    if (!made) return made.error();
    cache::ExpertHomes experts = routed_experts(homes);
    if (auto same = check_profile(settings.profile, experts); !same) return same.error();
    const cache::TieredSettings tiers = store_settings(settings, experts);
    auto loader = std::make_unique<cache::Loader>(files, std::move(made->queue), settings.reads);
    ExpertTiers out;
    if (!made->notice.empty()) out.notices.push_back(made->notice);
    out.store = std::make_unique<cache::TieredStore>(
        std::move(experts),
        tiers,
        [&] { return std::move(*cache::make_policy(settings.policy, inputs)); },
        std::move(loader));
    if (settings.device && settings.device->gpu != nullptr && out.store->pageable_bytes() > 0) {
        out.notices.push_back(fmt::format(
            "{} of {} bytes of host memory for experts could not be pinned: their copies to {} are "
            "slower (see ulimit -l)",
            out.store->pageable_bytes(),
            out.store->status().slots.host_slab_bytes,
            settings.device->gpu->device().facts().name));
    }
    const std::vector<std::string> notices = out.store->status().disk.notices;
    out.notices.insert(out.notices.end(), notices.begin(), notices.end());
    return out;
}

}  // namespace greenroom::runtime
