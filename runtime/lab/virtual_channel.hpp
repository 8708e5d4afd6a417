// A disk or a link on a virtual clock: demands travel at once, one behind the other; guesses in the
// time between. Knows nothing of caches.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "cache/key_table.hpp"
#include "io/expert_key.hpp"

namespace greenroom::runtime {

// Seconds on the virtual clock; kNever for what has no time yet.
inline constexpr double kNever = std::numeric_limits<double>::infinity();

class VirtualChannel {
 public:
    struct Speed {
        double bytes_per_s = 0;
        double latency_s = 0;  // before the bytes of a transfer move
    };
    explicit VirtualChannel(const Speed& speed) : speed_(speed) {}

    // Carries `bytes` that can be fetched from `ready` on, before all guesses. Returns when they
    // have arrived. `now` never goes back.
    double demand(double now, double ready, std::uint64_t bytes);
    // Carries an expert when nothing else wants to, from `ready` on; kNever: not before start().
    void guess(double now, io::ExpertKey key, double ready, std::uint64_t bytes);
    // The bytes of a guess can be fetched now.
    void start(io::ExpertKey key, double ready);
    // A guess that is demanded now, from `ready` on. Returns when it has arrived.
    double promote(double now, double ready, io::ExpertKey key);
    // Takes a guess back; false when it has begun to move or has arrived.
    bool withdraw(io::ExpertKey key);

    // Guesses that have arrived until `now`, since the last call. Valid until the next call.
    struct Arrival {
        io::ExpertKey key;
        double at;
    };
    const std::vector<Arrival>& advance(double now);

    std::uint64_t bytes_carried() const { return bytes_carried_; }

 private:
    struct Guess {
        io::ExpertKey key;
        double ready;
        double left_s;  // of moving
        std::uint64_t bytes;
        bool has_begun = false;
    };
    double carry(double begin, double seconds);
    double seconds_of(std::uint64_t bytes) const {
        return speed_.latency_s + static_cast<double>(bytes) / speed_.bytes_per_s;
    }
    void move_guesses(double until);

    const Speed speed_;
    double free_at_ = 0;  // when all demands have been carried
    std::vector<Guess> guesses_;
    std::vector<Arrival> arrivals_, told_;
    std::uint64_t bytes_carried_ = 0;
};

}  // namespace greenroom::runtime
