// One tier of memory: which experts live there, in which slots, and whether they have landed. Knows
// neither where experts come from nor who uses them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/residency.hpp"
#include "cache/tiers/landing.hpp"
#include "cache/tiers/slab.hpp"
#include "cache/tiers/slot_arena.hpp"
#include "cache/tiers/slot_sizes.hpp"

namespace greenroom::cache {

// A slot and its tenant's state. Stays at one address as long as the tenant lives there.
struct Slot {
    std::byte* memory = nullptr;
    std::uint64_t bytes = 0;
    std::uint64_t shift = 0;  // bytes that are left out at the front: a GPU's experts are aligned
    Landing landing;
    bool sent_for = false;                         // landing has been promised by somebody
    std::uint64_t load = 0;                        // who: the loader's id
    std::atomic<int> n_readers = 0;                // copies out of this slot that are under way
    std::optional<kernels::Event> last_read = {};  // by a GPU; none where no GPU reads slots

    void add_reader() { n_readers.fetch_add(1); }
    void remove_reader() {
        n_readers.fetch_sub(1);
        n_readers.notify_all();
    }
    // Nobody writes to it or reads from it any more.
    void wait_until_quiet() const;
    bool is_quiet() const {
        return landing.settled() && n_readers.load() == 0 &&
               (!last_read || last_read->has_happened());
    }
};

struct TierCounters {
    std::uint64_t hits = 0, misses = 0;  // experts
    std::uint64_t hit_bytes = 0, miss_bytes = 0;
    std::uint64_t evictions = 0;
};

// One caller at a time. Tenants are whoever Residency says, so that a replay of the same routing
// counts the same hits.
class Tier {
 public:
    struct Settings {
        ResidencySettings residency;
        std::uint64_t guess_bytes = 0;  // for guesses, besides the budget
        SlabSource memory = host_slab;
        kernels::Device* reader = nullptr;  // the GPU whose memory that is
    };
    Tier(const Settings& settings,
         const SlotSizes& sizes,
         const Residency::MakePolicy& make_policy);

    // Counts an event, evicts for it and gives its misses slots. Slots that are not `sent_for` are
    // the caller's to fill; those of guesses come with their bytes or a promise. Waits for evicted
    // tenants that still move. An Error when the system has no memory for a miss; no miss of the
    // event is then resident. Of an event larger than the budget the misses take turns: they have
    // slots from take_turn() on, and those that pass until leave(), or until the next event.
    io::Result<const EventOutcome*> use(std::span<const io::ExpertKey> keys);
    // Whether a miss that waits for its slot would get one within the budget.
    bool has_room_for(io::ExpertKey key);
    // Null when the system has no memory; the next event then begins without the expert.
    Slot* take_turn(io::ExpertKey key);
    // An expert of the event has been used: it departs if it is one of those that pass.
    void leave(io::ExpertKey key);
    bool is_passing(io::ExpertKey key) const { return std::ranges::count(passing_, key) != 0; }

    // The slot of a resident expert, or of one that passes; null for others.
    Slot* find(io::ExpertKey key);
    // Gives a resident expert's slot back without asking the policy.
    void forget(io::ExpertKey key);
    // The same, but the slot stays as long as something moves there and its memory is not needed:
    // a use meanwhile is a miss whose bytes are there.
    void depart(io::ExpertKey key);
    Slot* find_departing(io::ExpertKey key);
    // Gives back the slots of the departed where nothing moves any more.
    void sweep();

    // Called for a slot that is about to be waited for until nothing moves there, so that whoever
    // moves something can be quick about it or leave it.
    void when_slot_is_needed(std::function<void(const Slot&)> hurry) { hurry_ = std::move(hurry); }

    // A slot for an expert that will perhaps be used. It does not count as resident, so guesses
    // change no hits: a use before drop_guess() is a miss whose bytes are there, or coming. Null
    // when the expert is resident or guessed already, and when guesses fill their budget.
    Slot* guess(io::ExpertKey key);
    Slot* find_guess(io::ExpertKey key);
    void drop_guess(io::ExpertKey key);

    const TierCounters& counters() const { return counters_; }
    const Residency& residency() const { return residency_; }
    const SlotArena& arena() const { return arena_; }

 private:
    // Nobody of the last event stays who only passed, or who got no slot.
    void end_event();
    // A slot for a miss: with its bytes, if it was guessed or has not quite gone.
    std::unique_ptr<Slot> slot_for(io::ExpertKey key);
    std::unique_ptr<Slot> take_slot(io::ExpertKey key);
    std::unique_ptr<Slot> make_slot() const;  // without memory
    void give_slot(std::unique_ptr<Slot>& slot);
    // Hurries the departed out, first those that left first, while there is no room for `bytes`.
    void make_room(std::uint64_t bytes);

    Residency residency_;
    KeyTable<std::uint64_t> slot_bytes_;
    KeyTable<std::uint8_t> shifts_;  // of slots that a GPU reads
    SlotArena arena_;
    KeyTable<std::unique_ptr<Slot>> slots_, guesses_, departing_;
    std::vector<io::ExpertKey> departed_;  // those of departing_, in the order in which they left
    std::function<void(const Slot&)> hurry_;
    kernels::Device* const reader_;
    const std::uint64_t guess_budget_;
    std::uint64_t guess_bytes_ = 0;
    std::vector<io::ExpertKey> passing_, waiting_;  // of the event: without a place; without a slot
    std::vector<std::unique_ptr<Slot>> spare_;      // without memory, for the next tenant
    TierCounters counters_;
};

}  // namespace greenroom::cache
