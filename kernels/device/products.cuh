// The two bodies that all products with weights are made of, and where to find them for a type.
// Knows no op.
#pragma once

#include "kernels/device/row_products.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/device_mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

enum class Finish {
    store,      // y = value
    add,        // y += value
    silu_of_y,  // y = silu(y) * value
};

enum class ExpertPart { gate, up, down };

// For each i of n the product of a matrix with a row of x: of w, or of a part of the expert that i
// has. Where that is a null, y stays.
struct RowProducts {
    Matrix w;
    const DeviceExpert* experts = nullptr;    // null: w holds the weights
    const std::int32_t* expert_of = nullptr;  // (n)
    ExpertPart part = ExpertPart::down;
    bool has_gate = false;  // part is up, gate is like it, and y = silu(gate x) * (up x)
    DeviceRows x;
    int rows_per_x = 1;  // i reads row i / rows_per_x of x
    float* y;            // (n, w.rows)
    int n;
    Finish finish = Finish::store;
};

// With the weights of one type. DeviceMatMul for many tokens: weights are read once for several.
struct Products {
    void (*rows)(const char* name, const RowProducts& op, Stream& stream);
    void (*tiles)(const char* name, const DeviceMatMul& op, Stream& stream);
};
// Null where a file has none of the type.
const Products* q_products(BlockType type);
const Products* k_products(BlockType type);
const Products* iq_products(BlockType type);
const Products* small_products(BlockType type);
const Products* float_products(BlockType type);
// Of any type.
const Products& products(BlockType type);

constexpr unsigned kProductThreads = 128;
constexpr unsigned kRowsOfBlock = kProductThreads / kRowLanes;  // that a block has lanes for
constexpr int kMostBlocksY = 65535;                             // of a launch

GREENROOM_DEVICE inline float silu(float x) {
    return x / (1 + expf(-x));
}

// `Rows` is IntegerRows or FloatRows of a type.
template <class Rows>
struct RowProductsBody {
    RowProducts op;
    std::size_t row_bytes;

    GREENROOM_DEVICE const std::byte* weights(int i, ExpertPart part) const {
        if (op.experts == nullptr) return op.w.data;
        const DeviceExpert& expert = op.experts[op.expert_of[i]];
        if (part == ExpertPart::gate) return expert.gate;
        return part == ExpertPart::up ? expert.up : expert.down;
    }

    // Row r of w, which may be null, times what i reads.
    GREENROOM_DEVICE float product(const Thread& thread, const std::byte* w, int i, int r) const {
        const int cols = static_cast<int>(op.w.cols);
        float share[1] = {};
        if (w != nullptr) {
            thread.expect_aligned(w, Rows::alignment(cols));
            const auto row = static_cast<std::size_t>(i / op.rows_per_x);
            Rows::template add_share<1, 1>(thread,
                                           {.w = w + static_cast<std::size_t>(r) * row_bytes,
                                            .row_bytes = row_bytes,
                                            .x = Rows::from(op.x, row, cols),
                                            .cols = cols},
                                           share);
        }
        return sum_of_lanes(thread, share[0]);
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const int i = static_cast<int>(thread.block_y());
        const int rows = static_cast<int>(op.w.rows);
        const int r =
            static_cast<int>(thread.block_x() * kRowsOfBlock + thread.index() / kRowLanes);
        const std::byte* w = r < rows ? weights(i, op.part) : nullptr;
        const std::byte* gate =
            op.has_gate && w != nullptr ? weights(i, ExpertPart::gate) : nullptr;
        if (op.has_gate && gate == nullptr) w = nullptr;
        float value = product(thread, w, i, r);
        if (op.has_gate) value *= silu(product(thread, gate, i, r));
        if (w == nullptr || thread.lane() % kRowLanes != 0) return;
        float& y = op.y[static_cast<std::size_t>(i) * static_cast<unsigned>(rows) +
                        static_cast<unsigned>(r)];
        if (op.finish == Finish::add) value += y;
        if (op.finish == Finish::silu_of_y) value *= silu(y);
        y = value;
    }
};

// Sixteen lanes have so many rows and tokens.
constexpr int kTileRows = 4, kTileTokens = 8;

template <class Rows>
struct TileProductsBody {
    static constexpr unsigned kThreads = kProductThreads, kBlocksAtOnce = 3;
    static constexpr int kSums = kTileRows * kTileTokens;
    static constexpr int kSumsOfLane = kSums / static_cast<int>(kRowLanes);
    DeviceMatMul op;
    std::size_t row_bytes;

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const int rows = static_cast<int>(op.w.rows), cols = static_cast<int>(op.w.cols);
        const unsigned tile = thread.block_y() * kRowsOfBlock + thread.index() / kRowLanes;
        const int r = static_cast<int>(tile) * kTileRows;
        const int t = static_cast<int>(thread.block_x()) * kTileTokens;
        float shares[kSums] = {};
        if (r < rows) {
            thread.expect_aligned(op.w.data, Rows::alignment(cols));
            Rows::template add_share<kTileRows, kTileTokens>(
                thread,
                {.w = op.w.data + static_cast<unsigned>(r) * row_bytes,
                 .row_bytes = row_bytes,
                 .x = Rows::from(op.x, static_cast<unsigned>(t), cols),
                 .cols = cols,
                 .last_row = rows - 1 - r,
                 .last_token = op.n_tokens - 1 - t},
                shares);
        }
        spread_sums_of_lanes(thread, shares);
        const int first = static_cast<int>(thread.lane() % kRowLanes) * kSumsOfLane;
        for (int i = 0; i < kSumsOfLane; ++i) {
            const int row = r + (first + i) % kTileRows, token = t + (first + i) / kTileRows;
            if (row >= rows || token >= op.n_tokens) continue;
            float& y = op.y[static_cast<std::size_t>(token) * static_cast<unsigned>(rows) +
                            static_cast<unsigned>(row)];
            y = op.adds ? y + shares[i] : shares[i];
        }
    }
};

template <class Rows>
void run_rows(const char* name, const RowProducts& op, Stream& stream) {
    require(op.n <= kMostBlocksY, "device products: too many rows of x");
    run_body(name,
             RowProductsBody<Rows>{op, op.w.row_bytes()},
             {.blocks_x = static_cast<unsigned>(groups_of(op.w.rows, kRowsOfBlock)),
              .blocks_y = static_cast<unsigned>(op.n),
              .threads = kProductThreads},
             stream);
}

template <class Rows>
void run_tiles(const char* name, const DeviceMatMul& op, Stream& stream) {
    require(op.w.rows <= kMostBlocksY * kRowsOfBlock * kTileRows,
            "device products: too many rows of weights");
    // Blocks that share weights are neighbours.
    run_body(name,
             TileProductsBody<Rows>{op, op.w.row_bytes()},
             {.blocks_x = static_cast<unsigned>(groups_of(op.n_tokens, kTileTokens)),
              .blocks_y = static_cast<unsigned>(groups_of(op.w.rows, kRowsOfBlock * kTileRows)),
              .threads = kProductThreads},
             stream);
}

template <class Rows>
inline constexpr Products kProducts = {run_rows<Rows>, run_tiles<Rows>};

}  // namespace greenroom::kernels::GREENROOM_BODIES
