// Rows of weights times rows of activations, as sixteen lanes compute them together. One order of
// sums, whatever the launch: lane l takes the pieces l, l + 16, ... of a row one after the other,
// and the lanes are added in halves. So a result depends on its row and token alone. Knows no op.
#pragma once

#include "kernels/device/vocabulary.cuh"
#include "kernels/device_mat_mul.hpp"
#include "kernels/quant/group.hpp"
#include "kernels/quant/unpack_part.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

constexpr unsigned kRowLanes = 16;

// Rows of weights and of activations, from the first ones on. A row of weights begins at a multiple
// of 16 bytes or as far from one as its type makes it, and may be read to the next multiple of 4.
struct ProductRows {
    const std::byte* w;     // (rows, cols), in blocks
    std::size_t row_bytes;  // of w
    DeviceRows x;           // (tokens, cols)
    int cols;
    int last_row = 0, last_token = 0;  // that there are; whatever is behind them is one of these
};

GREENROOM_DEVICE inline std::size_t lesser(int a, int b) {
    return static_cast<unsigned>(a < b ? a : b);
}

// Weights in blocks of integers; a piece is a group of 32 columns.
template <class Block>
struct IntegerRows {
    static constexpr int kGroups = Block::kElements / Group::kColumns;  // of a block
    static constexpr int kRounding = Block::kElements < 256 ? 32 : 256;

    // Of a matrix.
    GREENROOM_DEVICE static constexpr std::size_t alignment(int) {
        return alignment_at(sizeof(Block));
    }

    // x from row `row` on.
    GREENROOM_DEVICE static DeviceRows from(const DeviceRows& x, std::size_t row, int cols) {
        const std::size_t at = row * static_cast<unsigned>(cols);
        return {.q = x.q + at, .scales = x.scales + at / kRounding};
    }

    // 32 columns of a token.
    struct Columns {
        std::uint32_t q[Group::kWords];
        float scale;
        float sums[2];  // of columns 0-15 and 16-31
    };

    GREENROOM_DEVICE static Columns load(const ProductRows& in, std::size_t token, int column) {
        Columns x;
        const std::size_t row = token * static_cast<unsigned>(in.cols);
        load_words<16>(in.x.q + row + column, x.q);
        x.scale = in.x.scales[(row + static_cast<unsigned>(column)) / kRounding];
        return x;
    }

    GREENROOM_DEVICE static std::int32_t dot(const Thread& thread,
                                             const std::uint32_t* a,
                                             const std::uint32_t* b) {
        std::int32_t sum = 0;
        for (int i = 0; i < 4; ++i) {
            sum =
                thread.dot4(static_cast<std::int32_t>(a[i]), static_cast<std::int32_t>(b[i]), sum);
        }
        return sum;
    }

    GREENROOM_DEVICE static void add_sums(const Thread& thread, Columns& x) {
        constexpr std::uint32_t ones[4] = {kOnes, kOnes, kOnes, kOnes};
        for (int h = 0; h < 2; ++h) {
            x.sums[h] = static_cast<float>(dot(thread, x.q + 4 * h, ones)) * x.scale;
        }
    }

    // 32 columns of a row.
    struct Weights {
        Group group;
        float offsets[2];

        GREENROOM_DEVICE void load(const Block& block, int g) {
            unpack_group(block, g, group);
            if constexpr (Block::kHasOffset) {
                for (int h = 0; h < 2; ++h) {
                    offsets[h] = group.m * static_cast<float>(group.offset[h]);
                }
            }
        }
    };

    GREENROOM_DEVICE static float add(const Thread& thread,
                                      const Weights& w,
                                      const Columns& x,
                                      float sum) {
        const Group& group = w.group;
        const std::int32_t first = dot(thread, group.q, x.q);
        const std::int32_t second = dot(thread, group.q + 4, x.q + 4);
        if constexpr (n_parts<Block>() > 1) {  // the halves have no common unit
            sum = fmaf(static_cast<float>(group.scale[0] * first), group.d[0] * x.scale, sum);
            return fmaf(static_cast<float>(group.scale[1] * second), group.d[1] * x.scale, sum);
        }
        const std::int32_t products = group.scale[0] * first + group.scale[1] * second;
        sum = fmaf(static_cast<float>(products), group.d[0] * x.scale, sum);
        if constexpr (Block::kHasOffset) {
            for (int h = 0; h < 2; ++h) sum = fmaf(w.offsets[h], x.sums[h], sum);
        }
        return sum;
    }

    // Adds the lane's share of every row times every token to sums.
    template <int n_rows, int n_tokens>
    GREENROOM_DEVICE static void add_share(const Thread& thread,
                                           const ProductRows& in,
                                           float (&sums)[n_tokens * n_rows]) {
        const int lane = static_cast<int>(thread.lane() % kRowLanes);
        const int n_blocks = in.cols / Block::kElements, g = lane % kGroups;
        GREENROOM_UNROLL(n_rows == 1 ? 2 : 1)
        for (int b = lane / kGroups; b < n_blocks; b += kRowLanes / kGroups) {
            Weights w[n_rows];
            for (int r = 0; r < n_rows; ++r) {
                const std::byte* row = in.w + lesser(r, in.last_row) * in.row_bytes;
                w[r].load(reinterpret_cast<const Block*>(row)[b], g);
            }
            for (int t = 0; t < n_tokens; ++t) {
                Columns x =
                    load(in, lesser(t, in.last_token), b * Block::kElements + g * Group::kColumns);
                if constexpr (Block::kHasOffset) add_sums(thread, x);
                for (int r = 0; r < n_rows; ++r)
                    sums[t * n_rows + r] = add(thread, w[r], x, sums[t * n_rows + r]);
            }
        }
    }
};

// The types whose blocks are one float, stored in a word or half a word.
struct F32 {
    static constexpr std::size_t kBytes = 4;
    GREENROOM_DEVICE static void load(const std::byte* from, float (&out)[8]) {
        std::uint32_t words[8];
        load_words<16>(from, words);
        for (int i = 0; i < 8; ++i) out[i] = std::bit_cast<float>(words[i]);
    }
    GREENROOM_DEVICE static float load_one(const std::byte* from) {
        return std::bit_cast<float>(load_word<4>(from));
    }
};

template <class Half>
struct Halves {
    static constexpr std::size_t kBytes = 2;
    GREENROOM_DEVICE static void load(const std::byte* from, float (&out)[8]) {
        std::uint32_t words[4];
        load_words<16>(from, words);
        for (int i = 0; i < 8; ++i) out[i] = Half::value(words[i / 2] >> (i % 2 * 16) & 0xffff);
    }
    GREENROOM_DEVICE static float load_one(const std::byte* from) {
        return Half::value(load_pair(from));
    }
};

struct F16 : Halves<F16> {
    GREENROOM_DEVICE static float value(std::uint32_t bits) { return f16_value(bits); }
};

struct BF16 : Halves<BF16> {
    GREENROOM_DEVICE static float value(std::uint32_t bits) {
        return std::bit_cast<float>(bits << 16);
    }
};

// Weights that are floats; a piece is 8 columns, or what is left of a row.
template <class Float>
struct FloatRows {
    static constexpr int kPiece = 8;

    // Of a matrix. Pieces that are whole are read sixteen bytes at a time.
    GREENROOM_DEVICE static constexpr std::size_t alignment(int cols) {
        return cols % kPiece == 0 ? 16 : Float::kBytes;
    }

    GREENROOM_DEVICE static DeviceRows from(const DeviceRows& x, std::size_t row, int cols) {
        return {.values = x.values + row * static_cast<unsigned>(cols)};
    }

    // A piece that begins at `from`; what is behind the row counts as zeros.
    template <class F>
    GREENROOM_DEVICE static void load(const std::byte* from,
                                      int n,
                                      bool is_whole,
                                      float (&out)[8]) {
        if (is_whole) return F::load(from, out);
        for (int i = 0; i < kPiece; ++i) {
            out[i] = i < n ? F::load_one(from + static_cast<unsigned>(i) * F::kBytes) : 0;
        }
    }

    template <int n_rows, int n_tokens>
    GREENROOM_DEVICE static void add_share(const Thread& thread,
                                           const ProductRows& in,
                                           float (&sums)[n_tokens * n_rows]) {
        const bool is_whole = in.cols % kPiece == 0;  // every piece, and so it is aligned, too
        const int lane = static_cast<int>(thread.lane() % kRowLanes);
        for (int c = lane * kPiece; c < in.cols; c += static_cast<int>(kRowLanes) * kPiece) {
            const int n = in.cols - c;
            float w[n_rows][kPiece];
            for (int r = 0; r < n_rows; ++r) {
                const std::byte* row = in.w + lesser(r, in.last_row) * in.row_bytes;
                load<Float>(row + static_cast<unsigned>(c) * Float::kBytes, n, is_whole, w[r]);
            }
            for (int t = 0; t < n_tokens; ++t) {
                const float* row =
                    in.x.values + lesser(t, in.last_token) * static_cast<unsigned>(in.cols);
                float x[kPiece];
                load<F32>(reinterpret_cast<const std::byte*>(row + c), n, is_whole, x);
                for (int r = 0; r < n_rows; ++r) {
                    for (int i = 0; i < kPiece; ++i)
                        sums[t * n_rows + r] = fmaf(w[r][i], x[i], sums[t * n_rows + r]);
                }
            }
        }
    }
};

// The row's sum, in every lane.
GREENROOM_DEVICE inline float sum_of_lanes(const Thread& thread, float share) {
    for (unsigned mask = kRowLanes / 2; mask > 0; mask /= 2) {
        share += thread.shuffle_xor(share, mask);
    }
    return share;
}

// n sums at once, in the same order: lane l gets those of shares[n / 16 * l] on, in shares[0] on.
template <int n>
GREENROOM_DEVICE inline void spread_sums_of_lanes(const Thread& thread, float (&shares)[n]) {
    int half = n / 2;
    for (unsigned mask = kRowLanes / 2; mask > 0; mask /= 2, half /= 2) {
        const bool is_upper = (thread.lane() & mask) != 0;
        for (int i = 0; i < half; ++i) {
            const float low = shares[i], high = shares[i + half];
            shares[i] = (is_upper ? high : low) + thread.shuffle_xor(is_upper ? low : high, mask);
        }
    }
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
