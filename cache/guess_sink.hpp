// Where guesses go: experts that a layer not yet reached will perhaps use. Knows no predictor.
#pragma once

#include "io/expert_key.hpp"

namespace greenroom::cache {

// How far up a guess is brought.
enum class GuessTier {
    host,  // from disk into host memory
    top,   // into the tier that experts are used from: the device's, or the host's without one
};

enum class GuessAnswer {
    taken,    // it is sent for, behind every demand
    present,  // it is there already, or on its way
    busy,     // guesses fill their room: those before it have to be used or dropped first
    unknown,  // there is no such expert
};

// One caller at a time. A guess changes no hits, and moves only while no demand wants to.
class GuessSink {
 public:
    virtual ~GuessSink() = default;
    // Sends for `key`. Guesses travel in the order in which they were made, nearest first.
    virtual GuessAnswer guess(io::ExpertKey key, GuessTier tier) = 0;
    // Takes back a guess of which nothing has moved yet; what has begun to move stays a guess.
    virtual void withdraw(io::ExpertKey key) = 0;
};

}  // namespace greenroom::cache
