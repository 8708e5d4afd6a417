// Random inputs for tests of kernels, the same in every run.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace greenroom::tests {

// n values of the standard normal distribution.
inline std::vector<float> normal(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> value;
    std::vector<float> out(n);
    for (float& x : out) x = value(random);
    return out;
}

}  // namespace greenroom::tests
