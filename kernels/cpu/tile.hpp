// How products read activations: tiles of a few tokens, each value repeated nowhere and used from
// where it lies. Knows no instruction set and no weights.
#pragma once

#include <cstdint>

namespace greenroom::kernels {

// A run is 256 columns (or what is left of a row). Per token it takes kRunWords 32-bit words; in a
// tile of T tokens word w of token t lies at [w * T + t], so that a kernel finds all tokens of a
// word side by side. A tile holds its runs one after the other.
constexpr int kRunColumns = 256;
constexpr int kRunWords = 96;

// Word w of a run, for activations rounded by 32 columns.
struct WordsBy32 {
    static constexpr int q = 0;         // 64: four 8-bit values each, columns 4w to 4w + 3
    static constexpr int scale = 64;    // 8 floats, one for each 32 columns
    static constexpr int less = 72;     // 8 integers: minus the sum of 32 values
    static constexpr int less_16 = 80;  // 16 integers: minus the sum of 16 values
};

// Word w of a run, for activations rounded by 256 columns. Sums of columns come in pairs of 16-bit
// integers; of each four groups first the two even ones, then the two odd ones, which is how the
// bytes of four scales fall apart.
struct WordsBy256 {
    static constexpr int q = 0;       // 64, as above
    static constexpr int scale = 64;  // 1 float
    static constexpr int less = 65;   // 1 integer: minus the sum of all values
    static constexpr int by_32 = 66;  // 4 pairs of sums of 32 values
    static constexpr int by_16 = 70;  // 8 pairs of sums of 16 values
};

// Tokens are cut into tiles from the largest size down.
constexpr int kTileSizes[] = {12, 8, 4, 2, 1};

constexpr int tile_size(std::int64_t tokens_left) {
    for (const int size : kTileSizes) {
        if (tokens_left >= size) return size;
    }
    return 0;
}

// On matrix tiles: all tiles of this many tokens, the last one perhaps not filled. Their values of
// q are read from the rounded rows, so those words are left out.
constexpr int kWideTile = 16;

}  // namespace greenroom::kernels
