// Panels times many tokens on the matrix tiles of a processor. Knows no threads and no matrices.
#pragma once

#include <cstdint>

#include "kernels/cpu/panel_kernels.hpp"

namespace greenroom::kernels {

// One or two tiles of kWideTile tokens, in one run of columns.
struct WideTiles {
    const std::int8_t* q;       // (n_tiles * kWideTile, q_stride): rounded activations
    std::int64_t q_stride;      // bytes
    const std::int32_t* words;  // of the first tile (tile.hpp), where q is not filled in
    std::int64_t words_stride;  // from tile to tile
    int n_tiles;
};

struct AmxKernels {
    int columns;  // of one tile of activations, for configure()
    void (*unpack)(const std::byte* panel, int n_blocks, PanelRun& out);
    // sums: (n_tiles * kWideTile, sums_stride); the same bits as PanelKernels.
    void (*multiply)(const PanelRun& panel,
                     int n_blocks,
                     const WideTiles& x,
                     float* sums,
                     std::int64_t sums_stride);
};

// Null where the path or the type has none.
const AmxKernels* find_amx_kernels(CpuPath path, BlockType type);

#if defined(__x86_64__)
const AmxKernels* amx_kernels(BlockType type);
void configure_tiles(int columns);
void release_tiles();
#endif

// The calling thread's tiles, shaped for activations of 16, 32 or 64 columns while this lives.
class TileConfiguration {
 public:
    explicit TileConfiguration(int columns);
    ~TileConfiguration();
    TileConfiguration(const TileConfiguration&) = delete;
    TileConfiguration& operator=(const TileConfiguration&) = delete;
};

}  // namespace greenroom::kernels
