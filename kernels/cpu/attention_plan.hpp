// How the vector paths cut attention into pieces: tiles of queries that share a head of keys,
// blocks and segments of positions. Knows no instruction set.
#pragma once

#include <cstddef>

#include "kernels/attention.hpp"
#include "kernels/block_type.hpp"

namespace greenroom::kernels {

inline constexpr int kPositionBlock = 64;      // positions brought into float at a time
inline constexpr int kPositionSegment = 1024;  // positions whose partial results are merged
inline constexpr int kQueryTile = 32;          // queries that share a block

struct PositionRange {
    int begin, end;
};

// Queries [first, first + n) of one head of keys, counted token by token, head by head.
struct QueryTile {
    int kv_head, first, n;
};

// What all pieces of one op share. Functions lie in one source of their own, so that no vector
// source brings a copy of them.
struct AttentionPlan {
    explicit AttentionPlan(const Attention& op);

    const Attention& op;
    const BlockFormat& format;
    std::size_t key_head_bytes, value_head_bytes;
    int group;        // query heads per head of keys
    int n_positions;  // that the last token sees
    int n_segments;
    int key_stride, value_stride;  // head lengths, padded to whole registers
    int row_stride;                // the larger of the two
    int partial_floats;            // one query's running softmax

    int tiles_per_head() const;
    QueryTile tile(int index) const;  // index < n_kv_heads * tiles_per_head()
    const float* query(const QueryTile& tile, int q) const;
    float* out(const QueryTile& tile, int q) const;

    const std::byte* key_at(int kv_head, int position) const;
    const std::byte* value_at(int kv_head, int position) const;
    float half_to_float(const std::byte* half) const;

    // The positions that query q of the tile sees.
    PositionRange seen(const QueryTile& tile, int q) const;
    // The same within the block at `first`, counted from there.
    PositionRange seen_in_block(const QueryTile& tile, int q, int first) const;
    // Whole blocks of a segment that any query of the tile sees.
    PositionRange blocks_of(const QueryTile& tile, int segment) const;

    std::size_t thread_floats() const;  // scratch of one thread
    std::size_t parts_floats() const;   // of all segments of one token
};

// The code of one vector path.
struct AttentionBody {
    // All of a tile.
    void (*attend)(const AttentionPlan& plan, const QueryTile& tile, float* scratch);
    // One segment of it, into (queries, partial_floats).
    void (*attend_part)(const AttentionPlan& plan,
                        const QueryTile& tile,
                        int segment,
                        float* scratch,
                        float* partials);
    // The tile's parts, (segments, queries, partial_floats), into the output.
    void (*merge_parts)(const AttentionPlan& plan,
                        const QueryTile& tile,
                        float* parts,
                        float* scratch);
};
extern const AttentionBody kAttentionAvx2;
extern const AttentionBody kAttentionAvx512;

}  // namespace greenroom::kernels
