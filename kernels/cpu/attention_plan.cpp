#include "kernels/cpu/attention_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/quant/half.hpp"

namespace greenroom::kernels {
namespace {

int padded(int n) {
    constexpr int kWidestRegister = 16;
    return (n + kWidestRegister - 1) / kWidestRegister * kWidestRegister;
}

}  // namespace

AttentionPlan::AttentionPlan(const Attention& attention)
    : op(attention),
      format(kv_format(attention.cache.type)),
      key_head_bytes(kv_row_bytes(attention.cache.type, attention.cache.key_dim)),
      value_head_bytes(kv_row_bytes(attention.cache.type, attention.cache.value_dim)),
      group(attention.n_heads / attention.cache.n_kv_heads),
      n_positions(attention.first_position + attention.n_tokens),
      n_segments((n_positions + kPositionSegment - 1) / kPositionSegment),
      key_stride(padded(attention.cache.key_dim)),
      value_stride(padded(attention.cache.value_dim)),
      row_stride(std::max(key_stride, value_stride)),
      partial_floats(value_stride + 2) {}

int AttentionPlan::tiles_per_head() const {
    return (op.n_tokens * group + kQueryTile - 1) / kQueryTile;
}

QueryTile AttentionPlan::tile(int index) const {
    const int first = index % tiles_per_head() * kQueryTile;
    return {index / tiles_per_head(), first, std::min(kQueryTile, op.n_tokens * group - first)};
}

const float* AttentionPlan::query(const QueryTile& tile, int q) const {
    const int token = (tile.first + q) / group,
              head = tile.kv_head * group + (tile.first + q) % group;
    return op.q + (std::int64_t{token} * op.n_heads + head) * op.cache.key_dim;
}

float* AttentionPlan::out(const QueryTile& tile, int q) const {
    const int token = (tile.first + q) / group,
              head = tile.kv_head * group + (tile.first + q) % group;
    return op.out + (std::int64_t{token} * op.n_heads + head) * op.cache.value_dim;
}

const std::byte* AttentionPlan::key_at(int kv_head, int position) const {
    const std::int64_t row = std::int64_t{position} * op.cache.n_kv_heads + kv_head;
    return op.cache.keys + static_cast<std::size_t>(row) * key_head_bytes;
}

const std::byte* AttentionPlan::value_at(int kv_head, int position) const {
    const std::int64_t row = std::int64_t{position} * op.cache.n_kv_heads + kv_head;
    return op.cache.values + static_cast<std::size_t>(row) * value_head_bytes;
}

float AttentionPlan::half_to_float(const std::byte* half) const {
    std::uint16_t bits = 0;
    std::memcpy(&bits, half, sizeof bits);
    return f16_to_f32(bits);
}

PositionRange AttentionPlan::seen(const QueryTile& tile, int q) const {
    const int end = op.first_position + (tile.first + q) / group + 1;
    return {op.window > 0 ? std::max(0, end - op.window) : 0, end};
}

PositionRange AttentionPlan::seen_in_block(const QueryTile& tile, int q, int first) const {
    const PositionRange all = seen(tile, q);
    return {std::clamp(all.begin - first, 0, kPositionBlock),
            std::clamp(all.end - first, 0, kPositionBlock)};
}

PositionRange AttentionPlan::blocks_of(const QueryTile& tile, int segment) const {
    const int begin =
        std::max(seen(tile, 0).begin / kPositionBlock * kPositionBlock, segment * kPositionSegment);
    return {begin, std::min(seen(tile, tile.n - 1).end, (segment + 1) * kPositionSegment)};
}

std::size_t AttentionPlan::thread_floats() const {
    return static_cast<std::size_t>(kQueryTile * key_stride + kPositionBlock * key_stride +
                                    kPositionBlock * row_stride + kQueryTile * kPositionBlock +
                                    2 * kQueryTile * partial_floats);
}

std::size_t AttentionPlan::parts_floats() const {
    return static_cast<std::size_t>(op.n_heads) * static_cast<std::size_t>(n_segments) *
           static_cast<std::size_t>(partial_floats);
}

}  // namespace greenroom::kernels
