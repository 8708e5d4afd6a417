// Keeps the most confident guesses that are offered, in order, in memory that somebody else owns.
#pragma once

#include <cstddef>
#include <span>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class BestGuesses {
 public:
    explicit BestGuesses(std::span<Guess> out) : out_(out) {}

    // Of equals the one offered first stays ahead.
    void offer(Guess guess) {
        std::size_t at = size_;
        while (at > 0 && out_[at - 1].confidence < guess.confidence) --at;
        if (at == out_.size()) return;
        if (size_ < out_.size()) ++size_;
        for (std::size_t i = size_ - 1; i > at; --i) out_[i] = out_[i - 1];
        out_[at] = guess;
    }
    std::size_t size() const { return size_; }

 private:
    std::span<Guess> out_;
    std::size_t size_ = 0;
};

}  // namespace greenroom::prefetch
