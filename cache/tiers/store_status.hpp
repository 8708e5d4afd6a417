// What the tiers of experts have done, in numbers. Counts nothing itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "cache/tiers/guesses.hpp"
#include "cache/tiers/loader.hpp"
#include "cache/tiers/tier.hpp"

namespace greenroom::cache {

// How long events waited, by what they waited for, in seconds.
struct Stalls {
    double disk_s = 0;
    double link_s = 0;
    double policy_s = 0;  // deciding who goes, and tenants that still moved when they had to
    double total_s() const { return disk_s + link_s + policy_s; }
};

// Bytes in slots.
struct TierBytes {
    std::uint64_t budget = 0;
    std::uint64_t used = 0;
    std::uint64_t peak = 0;         // with guesses; an event larger than the budget adds a slot
    std::uint64_t peak_memory = 0;  // taken from the system for them
};

// How well the experts fit the slots that their sizes get.
struct SlotUse {
    std::size_t n_sizes = 0;
    std::uint64_t largest_bytes = 0;
    std::uint64_t total_bytes = 0, waste_bytes = 0;  // if every expert had a slot
    std::uint64_t host_slab_bytes = 0;               // that slots of the host are cut of
};

struct StoreStatus {
    TierCounters host;  // with a device: of what the device missed
    std::optional<TierCounters> device;
    std::uint64_t cpu_experts = 0;  // missed by the device, computed in host memory
    LoaderStatus disk;
    std::uint64_t link_bytes = 0;
    double link_busy_s = 0;  // that the link spent on them
    Stalls stalls;
    GuessCounters guesses;
    TierBytes host_bytes, device_bytes;
    SlotUse slots;
};

// What happened between two states, and in two stretches of time together. What is no count, as
// bytes in slots, is as it is now.
StoreStatus since(const StoreStatus& before, const StoreStatus& now);
StoreStatus sum(const StoreStatus& earlier, const StoreStatus& now);

}  // namespace greenroom::cache
