// Weights, activations and results of products for tests and measurements: seeded, with guards
// around everything that is written.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "kernels/activations.hpp"
#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::tests {

enum class Blocks {
    ordinary,  // normally distributed values in the format; where it cannot be written, blocks
               // drawn until their values are at most 4
    random,    // any bytes: NaN, infinite and subnormal scales among them
    zeros,
    ones,   // all bits set
    signs,  // alternating 0x7f and 0x80
};

// A matrix that owns its blocks.
class Weights {
 public:
    Weights(kernels::BlockType type,
            std::int64_t rows,
            std::int64_t cols,
            Blocks kind,
            std::uint64_t seed);
    const kernels::Matrix& matrix() const { return matrix_; }
    // The same in panels.
    Weights packed(kernels::ThreadPool& pool) const;
    std::vector<float> values() const;  // (rows, cols)

    Weights(const Weights& other);
    Weights& operator=(Weights&&) = default;
    Weights(Weights&&) = default;

 private:
    std::vector<std::byte> bytes_;
    kernels::Matrix matrix_;
};

std::vector<float> normal_values(std::int64_t n, std::uint64_t seed);

// w times x, (n_tokens, w.rows).
struct Product {
    const kernels::Matrix& w;
    const std::vector<float>& x;  // (n_tokens, w.cols)
    std::int64_t n_tokens;
    kernels::Arithmetic arithmetic = kernels::Arithmetic::fast;
};
// Aborts the program where anything around the result is written to.
std::vector<float> multiply(const Product& product, kernels::ThreadPool& pool);

// The number of places where two results differ; NaN equals NaN.
std::size_t count_differences(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace greenroom::tests
