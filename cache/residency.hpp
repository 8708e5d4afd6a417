// Which experts are resident under a budget: decides hits, admits misses, evicts on a policy's
// advice. Counts bytes and moves none; engine and simulator share it, so they agree by
// construction.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

enum class Scope {
    global,  // one budget for all layers
    layer,   // an equal share for every layer, each with a policy of its own
};

// What an event needs more than its budget
enum class Overshoot {
    leaves,  // goes when the event is over: between events nothing exceeds the budget
    stays,   // until a later event of the same budget needs room: so published replays count
};

struct ResidencySettings {
    std::uint64_t budget_bytes = 0;
    Scope scope = Scope::global;
    int n_layers = 1;
    std::vector<std::uint64_t> layer_budgets = {};  // in bytes, instead of equal shares
    Overshoot overshoot = Overshoot::leaves;
};

// What one event did. Spans are valid until the next event.
struct EventOutcome {
    std::span<const io::ExpertKey> hits;
    std::span<const io::ExpertKey> misses;   // resident from now on, but for those that pass
    std::span<const io::ExpertKey> evicted;  // for the misses, in order
    std::span<const io::ExpertKey> passing;  // hits and misses that leave with the event, in order
    std::uint64_t hit_bytes = 0;
    std::uint64_t miss_bytes = 0;
    std::size_t evictions() const { return evicted.size() + passing.size(); }
};

// One caller at a time. Replay rules (DESIGN §7): an event is one (step, layer) set; its hits are
// decided for the whole set, and nobody of the set is evicted for it. Of an event larger
// than its budget the policy chooses afterwards who stays.
class Residency {
 public:
    using MakePolicy = std::function<std::unique_ptr<Policy>()>;

    // `sizes` in bytes; every expert that will be used must have one.
    Residency(const ResidencySettings& settings,
              KeyTable<std::uint64_t> sizes,
              const MakePolicy& make_policy);

    // `keys`: the distinct experts of one event, all of one layer, in order of last use.
    const EventOutcome& use(std::span<const io::ExpertKey> keys);
    // `key` left without the policy's advice: its bytes could not be had, or live elsewhere now.
    void forget(io::ExpertKey key);

    bool resident(io::ExpertKey key) const;
    std::uint64_t budget_bytes() const { return settings_.budget_bytes; }
    std::uint64_t resident_bytes() const { return total_bytes_; }
    std::uint64_t peak_bytes() const { return peak_bytes_; }

 private:
    struct Pool {
        std::unique_ptr<Policy> policy;
        std::uint64_t budget_bytes = 0;
        std::uint64_t bytes = 0;
    };

    Pool& pool_of(io::ExpertKey key);
    void split_hits_and_misses(std::span<const io::ExpertKey> keys);
    // Evicts until `pool` has room for so many more bytes, as far as there are victims.
    void make_room(Pool& pool, std::uint64_t bytes, std::vector<io::ExpertKey>& evicted);
    void remove(Pool& pool, io::ExpertKey key);

    ResidencySettings settings_;
    KeyTable<std::uint64_t> sizes_;
    std::vector<Pool> pools_;
    KeyTable<std::uint8_t> resident_;  // 0 or 1
    std::uint64_t total_bytes_ = 0, peak_bytes_ = 0;

    PinSet pinned_;
    std::vector<io::ExpertKey> hits_, misses_, evicted_, passing_;
    EventOutcome outcome_;
};

}  // namespace greenroom::cache
