// Guesses nothing.
#pragma once

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class NonePredictor final : public Predictor {
 public:
    void on_routed(const Routed&) override {}
    std::size_t guess(Moment, std::span<Guess>) override { return 0; }
};

}  // namespace greenroom::prefetch
