// Experts whose home is the disk, kept in one or two tiers of memory: the host's, and a device's
// above it. Decides nothing itself: Residency says who lives where, the loader and the copy engine
// move bytes, and this brings them together for one event after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "cache/expert_store.hpp"
#include "cache/tiers/copy_engine.hpp"
#include "cache/tiers/guesses.hpp"
#include "cache/tiers/loader.hpp"
#include "cache/tiers/tier.hpp"

namespace greenroom::cache {

enum class Inclusion {
    inclusive,  // what lives on the device keeps its copy in host memory
    exclusive,  // it gives the copy back, so that the budgets add up; after an eviction it is read
                // from disk again, because weights are never copied back
};

struct DeviceTierSettings {
    Tier::Settings tier;
    CopySettings link;
    Inclusion inclusion = Inclusion::inclusive;
};

struct TieredSettings {
    Tier::Settings host;
    std::optional<DeviceTierSettings> device;
};

// How long acquires waited, by what they waited for.
struct Stalls {
    double disk_s = 0, link_s = 0;
};

// How well the experts fit the slots that their sizes get.
struct SlotUse {
    std::size_t n_sizes = 0;
    std::uint64_t largest_bytes = 0;
    std::uint64_t total_bytes = 0, waste_bytes = 0;  // if every expert had a slot
    std::uint64_t host_slab_bytes = 0;               // that slots of the host are cut of
};

struct StoreStatus {
    TierCounters host;
    std::optional<TierCounters> device;
    LoaderStatus disk;
    std::uint64_t link_bytes = 0;
    Stalls stalls;
    GuessCounters guesses;
    std::uint64_t host_bytes = 0, host_peak_bytes = 0;  // in slots
    std::uint64_t device_bytes = 0, device_peak_bytes = 0;
    SlotUse slots;
};

// One caller at a time.
class TieredStore final : public ExpertStore, public GuessSink {
 public:
    // `make_policy` is called for each tier and, with Scope::layer, for each layer of it.
    TieredStore(ExpertHomes homes,
                const TieredSettings& settings,
                const Residency::MakePolicy& make_policy,
                std::unique_ptr<Loader> loader);

    io::Result<Stages> announce(std::span<const io::ExpertKey> routed) override;
    io::Result<ExpertLease> acquire(io::ExpertKey key) override;
    UseOutcome outcome(io::ExpertKey key) const override { return *outcomes_.find(key); }

    GuessAnswer guess(io::ExpertKey key, GuessTier tier) override {
        return guesses_.guess(key, tier);
    }
    void withdraw(io::ExpertKey key) override { guesses_.withdraw(key); }

    StoreStatus status() const;
    const SlotSizes& sizes() const { return sizes_; }

 private:
    using Clock = std::chrono::steady_clock;

    void release(io::ExpertKey) override {}
    Tier& top() { return device_ ? *device_ : host_; }
    const ExpertHome& home(io::ExpertKey key) const { return homes_[key.layer][key.expert]; }
    // Counts the event in host memory and sends for what is missing there.
    io::Result<const EventOutcome*> bring_to_host(std::span<const io::ExpertKey> keys);
    void bring_to_device(std::span<const io::ExpertKey> keys);
    // Makes sure that the bytes of a slot are there or coming.
    void send_for(io::ExpertKey key, Slot& slot);
    void give_back_copies();
    // Which of them are guessed, before this event changes that.
    void note_guesses(std::span<const io::ExpertKey> routed);
    Stages order_for_acquiring(std::span<const io::ExpertKey> routed);
    bool waits_for_disk(io::ExpertKey key);

    const ExpertHomes homes_;
    const SlotSizes sizes_;
    const Inclusion inclusion_;
    Tier host_;
    std::optional<Tier> device_;
    std::optional<CopyEngine> link_;
    std::unique_ptr<Loader> loader_;
    Guesses guesses_;

    std::vector<io::ExpertKey> order_;    // the event, those at hand first
    std::vector<io::ExpertKey> fetched_;  // misses of the device in this event
    KeyTable<UseOutcome> outcomes_;
    Stalls stalls_;
};

}  // namespace greenroom::cache
