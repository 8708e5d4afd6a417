// Tiers without bytes, on a virtual clock: who is resident is decided by the engine's own
// Residency, when what arrives by two virtual channels. Guesses come from the engine's own planner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cache/guess_sink.hpp"
#include "cache/residency.hpp"
#include "cache/tiers/miss_paths.hpp"
#include "cache/tiers/tiered_store.hpp"
#include "runtime/lab/virtual_channel.hpp"

namespace greenroom::runtime {

struct VirtualTierSettings {
    cache::ResidencySettings top = {};  // the device's tier, or the host's where there is no device
    std::optional<cache::ResidencySettings> host = {};  // below a device
    bool host_is_filled = false;                 // every expert is in host memory from the start
    std::uint64_t guess_bytes = 0;               // for guesses, in each tier
    VirtualChannel::Speed disk = {}, link = {};  // link: with a device only
    cache::Inclusion inclusion = cache::Inclusion::inclusive;
    cache::MissRule miss = cache::MissRule::fetch;
    double cpu_bytes_per_s = 0;  // of experts that the CPU computes in host memory
};

struct VirtualGuessCounters {
    std::uint64_t issued = 0, useful = 0, late = 0, wasted = 0;  // experts; late are useful too
};

class VirtualTiers final : public cache::GuessSink {
 public:
    // `sizes` in bytes; `make_policy` as in Residency.
    VirtualTiers(const VirtualTierSettings& settings,
                 const cache::KeyTable<std::uint64_t>& sizes,
                 const cache::Residency::MakePolicy& make_policy);

    // The clock shows `now`, which never goes back.
    void set_time(double now);
    // One event: what the engine's tiers would do with it. Valid until the next.
    const cache::EventOutcome& use(std::span<const io::ExpertKey> keys);
    // When a resident expert's bytes are where it is used, and when they are in host memory.
    double arrives_at(io::ExpertKey key) const { return *top_at_.find(key); }
    double in_host_at(io::ExpertKey key) const;
    // Those of the event that the CPU computes, instead of waiting for them on the device.
    std::span<const io::ExpertKey> on_cpu() const { return on_cpu_; }

    cache::GuessAnswer guess(io::ExpertKey key, cache::GuessTier tier) override;
    void withdraw(io::ExpertKey key) override;

    std::uint64_t disk_bytes() const { return disk_.bytes_carried(); }
    std::uint64_t link_bytes() const { return link_.bytes_carried(); }
    const VirtualGuessCounters& guesses() const { return counters_; }
    const cache::Residency& top() const { return top_; }

 private:
    // A tier's part of a guess.
    enum class Place : std::uint8_t { nowhere, guessed };

    bool has_device() const { return host_.has_value(); }
    bool in_host(io::ExpertKey key) const;
    void bring_to_host(std::span<const io::ExpertKey> keys);
    void bring_to_top(io::ExpertKey key);
    // Of what the device misses, some goes to the CPU, and its copy to the device when the link is
    // idle.
    void split(std::span<const io::ExpertKey> keys);
    void leave_to_cpu(io::ExpertKey key);
    void give_back_copies();
    double from_disk(io::ExpertKey key, cache::KeyTable<Place>& guesses, std::uint64_t& bytes);
    void review_guesses(std::span<const io::ExpertKey> keys);
    void drop(io::ExpertKey key);
    bool has_room(std::uint64_t guessed, io::ExpertKey key) const {
        return guessed + *sizes_.find(key) <= settings_.guess_bytes;
    }
    void guess_into_host(io::ExpertKey key);

    const VirtualTierSettings settings_;
    const cache::KeyTable<std::uint64_t> sizes_;
    cache::Residency top_;
    std::optional<cache::Residency> host_;
    VirtualChannel disk_, link_;
    cache::MissPaths paths_;
    std::vector<io::ExpertKey> missed_, on_cpu_;  // in the last event
    double now_ = 0;
    cache::KeyTable<double> top_at_, host_at_;
    cache::KeyTable<Place> top_guess_, host_guess_;
    std::uint64_t top_guess_bytes_ = 0, host_guess_bytes_ = 0;
    std::vector<io::ExpertKey> guessed_;  // not yet used or dropped
    VirtualGuessCounters counters_;
};

}  // namespace greenroom::runtime
