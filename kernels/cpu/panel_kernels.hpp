// The products of one panel of weights with activations, for one instruction set each. Knows no
// threads and no matrices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "kernels/block_type.hpp"
#include "kernels/cpu/panel.hpp"
#include "kernels/cpu/path.hpp"
#include "kernels/cpu/tile.hpp"

namespace greenroom::kernels {

// A run of a panel, unpacked once to be multiplied with many tokens. Simple types fill one d (and
// m) for each 16 or 32 columns, the others one in all, and scales and pairs besides.
struct alignas(64) PanelRun {
    std::uint8_t q[kRunColumns / 4][64];    // bytes of columns 4i to 4i + 3 of 16 rows
    std::int8_t high[kRunColumns / 4][64];  // scaled values of 16 bits: q holds the lower halves
    float d[16][kPanelRows], m[8][kPanelRows];
    std::int32_t scale[16][kPanelRows];  // of a group
    std::int32_t pairs[8][kPanelRows];   // offsets, or scales, of two groups in 16 bits each
};

// Multiplies an unpacked run with a tile of tokens; adds to sums[t * sums_stride + row].
using MultiplyRun = void (*)(const PanelRun& panel,
                             int n_blocks,
                             const std::int32_t* x,
                             float* sums,
                             std::int64_t sums_stride);
using MultiplyRuns = std::array<MultiplyRun, std::size(kTileSizes)>;

// The processor asks ahead in each place that it sees being read, so two places keep more of memory
// at work than one: with two threads 28.2 -> 33.5 GB/s for Q2_K, 27.9 -> 31.2 for Q4_K, 26.1
// -> 28.7 for Q6_K, where reading alone gives 36 (Xeon with AMX, 2026-11). Four give less again.
constexpr int kPanelsInTurn = 2;

// One token and panels that take turns, run by run.
struct PanelsOfOne {
    std::array<const std::byte*, kPanelsInTurn> panels;
    int n_panels;
    int n_blocks;           // of a row
    const std::int32_t* x;  // one tile of 1
    float* sums;            // (n_panels, kPanelRows)
};

// Sums are kept in sums[t * sums_stride + row] and added to, block by block in order, so that a row
// may be cut into runs anywhere and the bits stay the same.
struct PanelKernels {
    // One token, straight from the packed blocks.
    void (*multiply_one)(const PanelsOfOne& op);
    // Many tokens, in two steps. n_blocks <= the blocks of a run.
    void (*unpack)(const std::byte* panel, int n_blocks, PanelRun& out);
    const MultiplyRuns& multiply;  // [i]: for tiles of kTileSizes[i]
};

// Null where the path has no code for the type: the plain twin computes it.
const PanelKernels* find_panel_kernels(CpuPath path, BlockType type);

#if defined(__x86_64__)
const PanelKernels* avx2_panel_kernels(BlockType type);
const PanelKernels* avx_vnni_panel_kernels(BlockType type);
const PanelKernels* avx512_panel_kernels(BlockType type);
// The types with points on a lattice, IQ1 to IQ3.
const PanelKernels* avx2_lattice_kernels(BlockType type);
const PanelKernels* avx_vnni_lattice_kernels(BlockType type);
const PanelKernels* avx512_lattice_kernels(BlockType type);
// Their groups of 16 and of 32 columns on 512-bit registers.
extern const MultiplyRuns kAvx512Groups16, kAvx512Groups32;
#endif

}  // namespace greenroom::kernels
