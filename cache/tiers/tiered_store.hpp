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
#include "cache/tiers/miss_paths.hpp"
#include "cache/tiers/store_status.hpp"
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
    // Where the device's experts are read: its slots are then GPU memory, which the host does not
    // touch, and host memory is pinned. Null: the device is ordinary memory. Outlives the store.
    kernels::Stream* reads = nullptr;
    Inclusion inclusion = Inclusion::inclusive;
    MissRule miss = MissRule::fetch;
};

struct TieredSettings {
    Tier::Settings host;
    std::optional<DeviceTierSettings> device;
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
    // Of the host's slabs: what a GPU cannot copy from by itself, which makes its link slower.
    std::uint64_t pageable_bytes() const { return host_.arena().pageable_bytes(); }
    const SlotSizes& sizes() const { return sizes_; }

 private:
    using Clock = std::chrono::steady_clock;

    // An expert that the CPU computes for the device.
    struct Running {
        io::ExpertKey key;
        Clock::time_point since;
    };

    // An expert of an event that is larger than a budget: it waits until others have passed.
    struct Waiting {
        io::ExpertKey key;
        MissPath path;
    };

    void release(io::ExpertKey key) override;
    void note_cpu_work(io::ExpertKey key);
    Tier& top() { return device_ ? *device_ : host_; }
    const ExpertHome& home(io::ExpertKey key) const { return homes_[key.layer][key.expert]; }

    // Counts the event, evicts for it, and sends for what is missing.
    io::Result<void> bring(std::span<const io::ExpertKey> routed);
    io::Result<const EventOutcome*> bring_to_host(std::span<const io::ExpertKey> keys);
    // Makes sure that the bytes of a slot are there or coming.
    void send_for(io::ExpertKey key, Slot& slot);
    void give_back_copies();
    // Which of them are guessed, before this event changes that.
    void note_guesses(std::span<const io::ExpertKey> routed);

    Stages stage_on_host(std::span<const io::ExpertKey> routed);
    Stages stage_with_device(std::span<const io::ExpertKey> routed);
    void add_to_cpu(io::ExpertKey key, const Slot& slot);
    void tell_paths_what_was_done();
    // The way of an expert that is not on the device.
    MissPath choose_path(io::ExpertKey key);
    // Sends for its copy accordingly.
    void send_over_link(Slot& source, Slot& slot, MissPath path);
    // Whether it has a slot wherever it needs one.
    bool has_slots(io::ExpertKey key);

    // Sends for those that wait, in the order in which they are best acquired, as long as there is
    // room for them; and for one of them, if it waits, whether there is or not.
    void send_while_there_is_room();
    io::Result<void> send_now(io::ExpertKey key);
    bool has_room_for(const Waiting& next);
    bool goes_to_device(const Waiting& next) const;
    io::Result<void> send(const Waiting& next);
    bool is_on_device(io::ExpertKey key);
    bool is_on_cpu(io::ExpertKey key) const;
    // Where an expert lies in host memory; null where it does not.
    Slot* host_copy(io::ExpertKey key);

    // Waits for the bytes of a slot, first for those in host memory that it is copied from.
    io::Result<void> wait_for(io::ExpertKey key, const Slot& slot);

    const ExpertHomes homes_;
    const SlotSizes sizes_;
    const Inclusion inclusion_;
    Tier host_;
    std::optional<Tier> device_;
    std::optional<CopyEngine> link_;
    kernels::Stream* const reads_;
    std::unique_ptr<Loader> loader_;
    Guesses guesses_;

    MissPaths paths_;
    Work link_seen_, cpu_work_;  // by the link until this event; by the CPU since the last
    std::optional<Running> running_;

    std::vector<io::ExpertKey> missed_;     // by the device in this event
    std::vector<io::ExpertKey> waiting_;    // not yet on the device
    std::vector<io::ExpertKey> on_device_;  // the stages of this event
    std::vector<io::ExpertKey> on_cpu_;
    std::vector<io::ExpertKey> late_;        // of on_cpu_: still on their way from disk
    std::vector<Waiting> waiting_for_room_;  // the last of both stages, the CPU's first
    std::vector<Waiting> for_the_link_;      // those of the device
    std::size_t n_sent_ = 0;                 // of waiting_for_room_
    std::uint64_t n_on_cpu_ = 0;  // experts missed by the device that the CPU computed, so far
    KeyTable<UseOutcome> outcomes_;
    Stalls stalls_;
};

}  // namespace greenroom::cache
