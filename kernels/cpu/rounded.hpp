// Activations rounded to 8 bits, in the layouts that products read. Knows no weights.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/activations.hpp"
#include "kernels/cpu/path.hpp"
#include "kernels/cpu/tile.hpp"

namespace greenroom::kernels {

// x[c] ~ scales[c / block] * q[c], q in -127..127. A block with a NaN or an infinity has a NaN
// scale; one below 1e-36 counts as zeros.
struct Activations::Rounded {
    int block = 0;  // columns that share a scale: 32 or 256
    std::int64_t n_tokens = 0, cols = 0;
    std::int64_t stride = 0;              // bytes between rows of q
    const std::int8_t* q = nullptr;       // (n_tokens, stride), cols used
    const float* scales = nullptr;        // (n_tokens, cols / block)
    const std::int32_t* tiles = nullptr;  // the same in tiles (tile.hpp)
    bool wide = false;                    // of kWideTile tokens, and q has as many rows

    const std::int8_t* row(std::int64_t t) const { return q + t * stride; }
    const float* row_scales(std::int64_t t) const { return scales + t * (cols / block); }
    std::int64_t n_runs() const { return (cols + kRunColumns - 1) / kRunColumns; }
    // The tile that begins with token t.
    const std::int32_t* tile(std::int64_t t) const { return tiles + t * n_runs() * kRunWords; }
};

// One row of n columns, a multiple of block.
struct RoundRow {
    const float* x;
    std::int64_t n;
    int block;
    std::int8_t* q;  // (n)
    float* scales;   // (n / block)
};
// The same bits on every path.
void round_row(const RoundRow& op, CpuPath path);
#if defined(__x86_64__)
void avx2_round_row(const RoundRow& op);
void avx512_round_row(const RoundRow& op);
#endif

// Writes the tile that begins with token t and has room for `size` tokens; `out` has size * n_runs
// * kRunWords words.
void fill_tile(const Activations::Rounded& x, std::int64_t t, int size, std::int32_t* out);

}  // namespace greenroom::kernels
