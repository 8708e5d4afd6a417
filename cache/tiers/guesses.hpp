// Guesses under way: experts sent for before anybody asked for them, until an event uses them or
// passes them by. Knows nobody who guesses.
#pragma once

#include <cstdint>
#include <vector>

#include "cache/guess_sink.hpp"
#include "cache/tiers/copy_engine.hpp"
#include "cache/tiers/loader.hpp"
#include "cache/tiers/tier.hpp"

namespace greenroom::cache {

// Experts, and the bytes of their slots. What is neither useful, wasted nor withdrawn is still a
// guess.
struct GuessCounters {
    std::uint64_t issued = 0;
    std::uint64_t useful = 0;     // used by the next event of its layer
    std::uint64_t late = 0;       // of the useful ones: had not landed by then
    std::uint64_t wasted = 0;     // moved for nothing
    std::uint64_t withdrawn = 0;  // before anything moved
    std::uint64_t issued_bytes = 0, useful_bytes = 0, wasted_bytes = 0;
};

// One caller at a time.
class Guesses final : public GuessSink {
 public:
    // All of them must outlive this. Without a device, `device` and `link` are null.
    struct Parts {
        const ExpertHomes& homes;
        Loader& loader;
        Tier& host;
        Tier* device;
        CopyEngine* link;
    };
    explicit Guesses(const Parts& parts);

    GuessAnswer guess(io::ExpertKey key, GuessTier tier) override;
    void withdraw(io::ExpertKey key) override;

    // Whether the bytes that a guess sent for may not come.
    bool is_withdrawn(io::ExpertKey key) const;
    // Behind an event of `layer` that the tiers have counted: its guesses have come true or are
    // dropped, as soon as nothing moves there any more.
    void review(int layer);

    const GuessCounters& counters() const { return counters_; }

 private:
    struct Guess {
        io::ExpertKey key;
        bool is_withdrawn = false;  // it goes when nothing moves there any more
    };

    Tier& top() const { return parts_.device != nullptr ? *parts_.device : parts_.host; }
    Guess* find(io::ExpertKey key);
    // The slot in host memory where the bytes are, or come; null when there is no room.
    Slot* send_for(io::ExpertKey key);
    void withdraw(Guess& guess);
    bool came_true(io::ExpertKey key);
    bool drop(io::ExpertKey key);

    const Parts parts_;
    std::vector<Guess> guesses_;
    GuessCounters counters_;
};

}  // namespace greenroom::cache
