#include "kernels/activations.hpp"

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

// Fewer tokens leave too much of a matrix tile empty.
constexpr std::int64_t kFewestWide = 6;

}  // namespace

struct Activations::State {
    // One rounded form with its memory.
    struct Form {
        int block;
        bool current = false;
        CpuPath path = CpuPath::plain;  // that it is in the form for
        std::vector<std::int8_t> q = {};
        std::vector<float> scales = {};
        std::vector<std::int32_t> tiles = {};
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
    const std::int64_t rows = (tokens + kWideTile - 1) / kWideTile * kWideTile;
    grow(q, rows * stride_for(width));
    grow(scales, tokens * ((width + block - 1) / block));
    grow(tiles, rows * ((width + kRunColumns - 1) / kRunColumns) * kRunWords);
}

void Activations::State::Form::round(const State& from, ThreadPool& pool) {
    require(from.cols % block == 0, "rounded activations: columns are no multiple of the block");
    reserve(from.n_tokens, from.cols);
    view = {.block = block,
            .n_tokens = from.n_tokens,
            .cols = from.cols,
            .stride = stride_for(from.cols),
            .q = q.data(),
            .scales = scales.data(),
            .tiles = tiles.data(),
            .wide = pool.path() == CpuPath::amx && from.n_tokens >= kFewestWide};
    const int grain = view.wide ? kWideTile : kTileSizes[0];
    pool.parallel_for(from.n_tokens, grain, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            round_row({.x = from.x + t * from.cols,
                       .n = from.cols,
                       .block = block,
                       .q = q.data() + t * view.stride,
                       .scales = scales.data() + t * (from.cols / block)},
                      pool.path());
        }
        if (pool.path() == CpuPath::plain) return;
        for (std::int64_t t = begin; t < end;) {
            const int size = view.wide ? kWideTile : tile_size(from.n_tokens - t);
            fill_tile(view, t, size, tiles.data() + t * view.n_runs() * kRunWords);
            t += size;
        }
    });
    current = true;
    path = pool.path();
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
    if (!rounded.current || rounded.path != pool.path()) rounded.round(*state_, pool);
    return rounded.view;
}

}  // namespace greenroom::kernels
