#include "tests/support/products.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "kernels/mat_mul.hpp"
#include "kernels/repack.hpp"

namespace greenroom::tests {
namespace {

constexpr std::int64_t kMostOrdinary = 1 << 18;  // values; larger matrices repeat them
constexpr std::size_t kGuard = 32;               // floats on either side of a result

void fill_random(std::byte* bytes, std::size_t n, std::mt19937_64& random) {
    for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::byte>(random());
}

void draw_ordinary(const kernels::BlockFormat& format, std::byte* block, std::mt19937_64& random) {
    std::vector<float> values(format.elements);
    do {
        fill_random(block, format.bytes, random);
        format.dequantize(block, 1, values.data());
    } while (!std::ranges::all_of(values, [](float value) { return std::abs(value) <= 4; }));
}

// n blocks.
void fill_ordinary(const kernels::BlockFormat& format,
                   std::byte* blocks,
                   std::size_t n,
                   std::uint64_t seed) {
    if (format.quantize != nullptr) {
        const auto n_values = static_cast<std::int64_t>(n * format.elements);
        format.quantize(normal_values(n_values, seed).data(), n, blocks);
        return;
    }
    std::mt19937_64 random(seed);
    for (std::size_t b = 0; b < n; ++b) draw_ordinary(format, blocks + b * format.bytes, random);
}

}  // namespace

std::vector<float> normal_values(std::int64_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<std::size_t>(n));
    for (float& value : values) value = normal(random);
    return values;
}

Weights::Weights(kernels::BlockType type,
                 std::int64_t rows,
                 std::int64_t cols,
                 Blocks kind,
                 std::uint64_t seed) {
    matrix_ = {.data = nullptr, .type = type, .rows = rows, .cols = cols};
    bytes_.resize(matrix_.bytes());
    matrix_.data = bytes_.data();
    std::mt19937_64 random(seed);
    switch (kind) {
        case Blocks::ordinary: {
            const kernels::BlockFormat& format = kernels::block_format(type);
            const std::int64_t n = std::min<std::int64_t>(rows * cols, kMostOrdinary);
            const std::size_t n_blocks = static_cast<std::size_t>(n) / format.elements;
            fill_ordinary(format, bytes_.data(), n_blocks, seed);
            const std::size_t period = n_blocks * format.bytes;
            for (std::size_t i = period; i < bytes_.size(); ++i) bytes_[i] = bytes_[i - period];
            break;
        }
        case Blocks::random:
            fill_random(bytes_.data(), bytes_.size(), random);
            break;
        case Blocks::zeros:
            break;
        case Blocks::ones:
            bytes_.assign(bytes_.size(), std::byte{0xff});
            break;
        case Blocks::signs:
            for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] = std::byte(0x7f + i % 2);
            break;
    }
}

Weights::Weights(const Weights& other) : bytes_(other.bytes_), matrix_(other.matrix_) {
    matrix_.data = bytes_.data();
}

Weights Weights::packed(kernels::ThreadPool& pool) const {
    Weights copy = *this;
    copy.matrix_ = kernels::to_panels(copy.matrix_, copy.bytes_.data(), pool);
    return copy;
}

std::vector<float> Weights::values() const {
    std::vector<float> out(static_cast<std::size_t>(matrix_.rows * matrix_.cols));
    for (std::int64_t r = 0; r < matrix_.rows; ++r) {
        kernels::dequantize_row(matrix_, r, out.data() + r * matrix_.cols);
    }
    return out;
}

std::vector<float> multiply(const Product& product, kernels::ThreadPool& pool) {
    kernels::Activations x(product.arithmetic);
    x.assign(product.x.data(), product.n_tokens, product.w.cols);
    const auto n = static_cast<std::size_t>(product.n_tokens * product.w.rows);
    const float canary = std::bit_cast<float>(0x7fc0beef);
    std::vector<float> guarded(n + 2 * kGuard, canary);
    kernels::run_on_cpu(kernels::MatMul{product.w, x, guarded.data() + kGuard}, pool);
    for (std::size_t i = 0; i < kGuard; ++i) {
        if (std::bit_cast<std::uint32_t>(guarded[i]) != 0x7fc0beef) std::abort();
        if (std::bit_cast<std::uint32_t>(guarded[n + kGuard + i]) != 0x7fc0beef) std::abort();
    }
    const auto begin = guarded.begin() + kGuard;
    return {begin, begin + static_cast<std::ptrdiff_t>(n)};
}

std::size_t count_differences(const std::vector<float>& a, const std::vector<float>& b) {
    std::size_t n = a.size() == b.size() ? 0 : std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; n != std::numeric_limits<std::size_t>::max() && i < a.size(); ++i) {
        const bool same = std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i]);
        if (!same && !(std::isnan(a[i]) && std::isnan(b[i]))) ++n;
    }
    return n;
}

}  // namespace greenroom::tests
