#include "runtime/model/kv_cache.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

#include "io/checked_math.hpp"

namespace greenroom::runtime {
namespace {

// Rows that a shift turns at a time.
constexpr int kShiftRows = 64;

// A row of keys, or of values, of one layer.
std::size_t row_bytes(const Hyperparameters& h, kernels::KvType type) {
    const kernels::BlockFormat& format = kernels::kv_format(type);
    const auto n = static_cast<std::size_t>(h.kv_heads) * static_cast<std::size_t>(h.head_dim);
    return (n + format.elements - 1) / format.elements * format.bytes;
}

}  // namespace

std::uint64_t kv_cache_bytes(const Hyperparameters& h, kernels::KvType type, int positions) {
    const auto rows =
        2 * static_cast<std::uint64_t>(h.layers) * static_cast<std::uint64_t>(positions);
    return io::checked_mul(rows, row_bytes(h, type))
        .value_or(std::numeric_limits<std::uint64_t>::max());
}

io::Result<KvCache> KvCache::allocate(const Hyperparameters& h,
                                      kernels::KvType type,
                                      int positions) {
    const kernels::BlockFormat& format = kernels::kv_format(type);
    if (static_cast<std::uint32_t>(h.head_dim) % format.elements != 0) {
        return io::Error{
            fmt::format("keys and values in {} need a head length that is a multiple of {}; this "
                        "model's is {}",
                        format.name,
                        format.elements,
                        h.head_dim)};
    }
    const std::uint64_t bytes = kv_cache_bytes(h, type, positions);
    std::optional<kernels::HostBuffer> memory = kernels::HostBuffer::try_allocate(bytes);
    if (!memory) {
        return io::Error{fmt::format(
            "the keys and values of {} positions take {} bytes, which the system refuses",
            positions,
            bytes)};
    }
    KvCache cache;
    cache.memory_ = std::move(*memory);
    cache.type_ = type;
    cache.layers_ = h.layers;
    cache.kv_heads_ = h.kv_heads;
    cache.head_dim_ = h.head_dim;
    cache.capacity_ = positions;
    cache.row_bytes_ = row_bytes(h, type);
    return cache;
}

kernels::KvLayer KvCache::layer(int index) {
    const std::size_t half = static_cast<std::size_t>(capacity_) * row_bytes_;
    std::byte* keys = memory_.data() + 2 * static_cast<std::size_t>(index) * half;
    return {.keys = keys,
            .values = keys + half,
            .type = type_,
            .n_kv_heads = kv_heads_,
            .key_dim = head_dim_,
            .value_dim = head_dim_};
}

void KvCache::shift(int keep, int n, kernels::Rope rope, kernels::ThreadPool& pool) {
    std::vector<float> scratch(std::size_t{kShiftRows} * static_cast<std::size_t>(kv_heads_) *
                               static_cast<std::size_t>(head_dim_));
    rope.x = scratch.data();
    rope.head_dim = head_dim_;
    rope.magnitude = 1;  // it is in the keys already
    length_ -= n;
    for (int l = 0; l < layers_; ++l) {
        const kernels::KvLayer cache = layer(l);
        for (int to = keep; to < length_; to += kShiftRows) {
            const Move move{.to = to, .by = n, .count = std::min(kShiftRows, length_ - to)};
            turn_keys(cache, move, rope, pool);
        }
        std::memmove(row(cache.values, keep),
                     row(cache.values, keep + n),
                     static_cast<std::size_t>(length_ - keep) * row_bytes_);
    }
}

void KvCache::turn_keys(kernels::KvLayer cache,
                        const Move& move,
                        kernels::Rope rope,
                        kernels::ThreadPool& pool) const {
    const kernels::BlockFormat& format = kernels::kv_format(type_);
    format.dequantize(row(cache.keys, move.to + move.by),
                      static_cast<std::size_t>(move.count) * row_bytes_ / format.bytes,
                      rope.x);
    rope.n_tokens = 1;  // all rows turn alike, as so many heads of one token
    rope.n_heads = move.count * kv_heads_;
    rope.first_position = -move.by;
    kernels::run_on_cpu(rope, pool);
    cache.value_dim = 0;
    kernels::run_on_cpu(kernels::KvStore{.cache = cache,
                                         .keys = rope.x,
                                         .values = nullptr,
                                         .n_tokens = move.count,
                                         .first_position = move.to},
                        pool);
}

}  // namespace greenroom::runtime
