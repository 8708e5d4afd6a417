#include "kernels/activations.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/rounded.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

// Rows start a cache line apart from a power of two, so that a tile of tokens does not crowd into
// one set of the cache.
std::int64_t stride_for(std::int64_t cols) {
    return (cols + 63) / 64 * 64 + 64;
}

// Below this, 127 / amax is not finite; the block is taken as zeros.
constexpr float kTiny = 1e-36F;

void round_block(const float* x, int n, std::int8_t* q, float& scale) {
    std::uint32_t most = 0;  // bits of |x|: NaN above infinity above every number
    for (int c = 0; c < n; ++c) {
        most = std::max(most, std::bit_cast<std::uint32_t>(x[c]) & 0x7fffffff);
    }
    const auto amax = std::bit_cast<float>(most);
    if (!std::isfinite(amax) || amax < kTiny) {
        std::fill_n(q, n, std::int8_t{0});
        scale = amax < kTiny ? 0.0F : std::numeric_limits<float>::quiet_NaN();
        return;
    }
    const float inverse = 127.0F / amax;
    for (int c = 0; c < n; ++c) q[c] = static_cast<std::int8_t>(std::nearbyint(x[c] * inverse));
    scale = amax / 127.0F;
}

void sum_groups(const std::int8_t* q, std::int64_t cols, std::int32_t* less) {
    for (std::int64_t g = 0; g < cols / 16; ++g) {
        std::int32_t sum = 0;
        for (int c = 0; c < 16; ++c) sum += q[g * 16 + c];
        less[g] = -sum;
    }
}

}  // namespace

struct Activations::State {
    // One rounded form with its memory.
    struct Form {
        int block;
        bool current = false;
        std::vector<std::int8_t> q = {};
        std::vector<float> scales = {};
        std::vector<std::int32_t> less = {};
        Rounded view = {};

        void reserve(std::int64_t n_tokens, std::int64_t cols);
        void round(const State& from, ThreadPool& pool);
    };

    Arithmetic arithmetic;
    const float* x = nullptr;
    std::int64_t n_tokens = 0, cols = 0;
    Form by_32{.block = 32}, by_256{.block = 256};
};

void Activations::State::Form::reserve(std::int64_t tokens, std::int64_t width) {
    const auto grow = [&](auto& buffer, std::int64_t n) {
        if (static_cast<std::int64_t>(buffer.size()) < n) {
            buffer.resize(static_cast<std::size_t>(n));
        }
    };
    grow(q, tokens * stride_for(width));
    grow(scales, tokens * ((width + block - 1) / block));
    grow(less, tokens * ((width + 15) / 16));
}

void Activations::State::Form::round(const State& from, ThreadPool& pool) {
    require(from.cols % block == 0, "rounded activations: columns are no multiple of the block");
    reserve(from.n_tokens, from.cols);
    const std::int64_t n = from.cols, stride = stride_for(n);
    pool.parallel_for(from.n_tokens, 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            std::int8_t* row = q.data() + t * stride;
            for (std::int64_t b = 0; b < n / block; ++b) {
                round_block(from.x + t * n + b * block,
                            block,
                            row + b * block,
                            scales[static_cast<std::size_t>(t * (n / block) + b)]);
            }
            sum_groups(row, n, less.data() + t * (n / 16));
        }
    });
    view = {.block = block,
            .n_tokens = from.n_tokens,
            .cols = n,
            .stride = stride,
            .q = q.data(),
            .scales = scales.data(),
            .less = less.data()};
    current = true;
}

Activations::Activations(Arithmetic arithmetic)
    : state_(std::make_unique<State>(State{.arithmetic = arithmetic})) {}
Activations::~Activations() = default;
Activations::Activations(Activations&&) noexcept = default;
Activations& Activations::operator=(Activations&&) noexcept = default;

void Activations::reserve(std::int64_t n_tokens, std::int64_t cols) {
    if (state_->arithmetic == Arithmetic::exact) return;
    state_->by_32.reserve(n_tokens, cols);
    state_->by_256.reserve(n_tokens, cols);
}

void Activations::assign(const float* x, std::int64_t n_tokens, std::int64_t cols) {
    state_->x = x;
    state_->n_tokens = n_tokens;
    state_->cols = cols;
    state_->by_32.current = state_->by_256.current = false;
}

Arithmetic Activations::arithmetic() const {
    return state_->arithmetic;
}
std::int64_t Activations::n_tokens() const {
    return state_->n_tokens;
}
std::int64_t Activations::cols() const {
    return state_->cols;
}
const float* Activations::values() const {
    return state_->x;
}

const Activations::Rounded& Activations::rounded_for(BlockType weights, ThreadPool& pool) {
    const NormalForm* form = find_normal_form(weights);
    require(form != nullptr, "rounded activations: not for weights without integers");
    State::Form& rounded = form->rounding == 32 ? state_->by_32 : state_->by_256;
    if (!rounded.current) rounded.round(*state_, pool);
    return rounded.view;
}

}  // namespace greenroom::kernels
