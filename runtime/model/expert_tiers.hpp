// Where a model's experts live while it runs: all in memory, or in tiers with budgets above the
// disk. Knows no settings file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cache/tiers/tiered_store.hpp"
#include "io/disk/batch_reader.hpp"
#include "io/disk/make_read_queue.hpp"
#include "io/result.hpp"
#include "runtime/model/homes.hpp"
#include "runtime/model/prefetcher.hpp"

namespace greenroom::runtime {

// The tier above host memory: a GPU's, or ordinary memory behind a link of a chosen speed.
struct EmulatedDevice {
    std::uint64_t budget_bytes = 0;
    double link_bytes_per_second = 0;  // at most; 0: as fast as it goes
    cache::Inclusion inclusion = cache::Inclusion::inclusive;
    cache::MissRule miss = cache::MissRule::fetch;
    int experts_per_layer = 0;  // instead of bytes, where it is not 0
    // What a GPU computes on, and its memory is the tier's; null: ordinary memory. Outlives the
    // tiers.
    kernels::Stream* gpu = nullptr;
};

// What is known of a model's routing before it runs.
struct ExpertProfile {
    int layers = 0, experts = 0;          // of the model it was recorded of; 0: nothing is known
    cache::KeyTable<std::uint64_t> uses;  // of each expert: the policy "static"
    std::vector<double> layer_shares;     // of a budget with Scope::layer; empty: equal ones
};

struct ExpertTierSettings {
    // Empty: every expert in memory where they fit, else what is free.
    std::optional<std::uint64_t> host_budget_bytes;
    int host_experts_per_layer = 0;  // instead of bytes, where it is not 0
    std::optional<EmulatedDevice> device;
    PrefetchSettings prefetch = {};
    // For guesses, in each tier. Empty: what the planner can use.
    std::optional<std::uint64_t> guess_bytes;
    std::string policy = "lfu-decay";
    cache::Scope scope = cache::Scope::global;
    std::uint64_t seed = 1;  // of the policy "random"
    ExpertProfile profile = {};
    io::QueueKind queue = io::QueueKind::automatic;
    int queue_depth = 32;
    io::BatchReaderSettings reads = {};
    // The seam at which tests put a disk that is slow, broken or out of order.
    std::function<io::Result<io::MadeQueue>(io::QueueKind kind, std::size_t depth)> make_queue =
        io::make_read_queue;
};

// Whether the settings ask for tiers whatever memory there is.
bool wants_tiers(const ExpertTierSettings& settings);

// The bytes of the largest experts that one token can use in one layer.
std::uint64_t bytes_of_a_token(const ModelHomes& homes, int experts_used);

// The bytes of as many of the largest experts as the planner may want at once.
std::uint64_t bytes_for_guesses(const ModelHomes& homes,
                                const PrefetchSettings& settings,
                                int experts_used);

// How many experts each layer chooses from.
prefetch::RoutingShape routing_shape(const ModelHomes& homes, int experts_used);

// The bytes of the slots of all experts that are routed to.
std::uint64_t bytes_of_all_slots(const ModelHomes& homes);

// Budgets of so many experts of every layer, in bytes.
void count_layer_budgets(const ModelHomes& homes, ExpertTierSettings& settings);

struct ExpertTiers {
    std::unique_ptr<cache::TieredStore> store;
    std::vector<std::string> notices;  // what is not as it should be: no io_uring, no direct reads
};

// `files` must outlive the store. An Error names a policy that is not known, or io_uring where it
// is insisted on and refused.
io::Result<ExpertTiers> make_expert_tiers(const ModelHomes& homes,
                                          std::span<const io::File> files,
                                          const ExpertTierSettings& settings);

}  // namespace greenroom::runtime
