// Shorthand for tests of predictors.
#pragma once

#include <vector>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

using Experts = std::vector<std::uint16_t>;

inline std::vector<Guess> guesses(Predictor& predictor, Moment target, std::size_t most = 8) {
    std::vector<Guess> out(most);
    out.resize(predictor.guess(target, out));
    return out;
}

inline Experts experts(Predictor& predictor, Moment target, std::size_t most = 8) {
    Experts out;
    for (const Guess& guess : guesses(predictor, target, most)) out.push_back(guess.expert);
    return out;
}

}  // namespace greenroom::prefetch
