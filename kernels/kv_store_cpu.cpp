#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/attention.hpp"
#include "kernels/quant/half.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

void store_f16(const float* values, std::int64_t n, std::byte* row) {
    for (std::int64_t i = 0; i < n; ++i) {
        const std::uint16_t half = f32_to_f16(values[i]);
        std::memcpy(row + 2 * i, &half, sizeof half);
    }
}

// Blocks of 32: the scale in half precision, then the values divided by it and rounded.
void store_q8_0(const float* values, std::int64_t n, std::byte* row) {
    for (std::int64_t i = 0; i < n; i += 32) {
        float largest = 0;
        for (int k = 0; k < 32; ++k) largest = std::max(largest, std::fabs(values[i + k]));
        const float scale = largest / 127;
        const float inverse = scale > 0 ? 1 / scale : 0;
        const std::uint16_t half = f32_to_f16(scale);
        std::memcpy(row, &half, sizeof half);
        row += sizeof half;
        for (int k = 0; k < 32; ++k) {
            *row++ = static_cast<std::byte>(
                static_cast<std::int8_t>(std::lround(values[i + k] * inverse)));
        }
    }
}

void store_row(KvType type, const float* values, std::int64_t n, std::byte* row) {
    switch (type) {
        case KvType::f32:
            std::memcpy(row, values, static_cast<std::size_t>(n) * sizeof(float));
            break;
        case KvType::f16:
            store_f16(values, n, row);
            break;
        case KvType::q8_0:
            store_q8_0(values, n, row);
            break;
    }
}

}  // namespace

std::size_t kv_row_bytes(KvType type, std::int64_t n) {
    const BlockFormat& format = kv_format(type);
    require(n % format.elements == 0, "kv_row_bytes: the row is no whole number of blocks");
    return static_cast<std::size_t>(n) / format.elements * format.bytes;
}

void run_on_cpu(const KvStore& op, ThreadPool& pool) {
    const std::int64_t key_n = std::int64_t{op.cache.n_kv_heads} * op.cache.key_dim;
    const std::int64_t value_n = std::int64_t{op.cache.n_kv_heads} * op.cache.value_dim;
    const std::size_t key_bytes = kv_row_bytes(op.cache.type, key_n);
    const std::size_t value_bytes = kv_row_bytes(op.cache.type, value_n);
    pool.parallel_for(op.n_tokens, 8, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            const auto at = static_cast<std::size_t>(op.first_position + t);
            store_row(op.cache.type, op.keys + t * key_n, key_n, op.cache.keys + at * key_bytes);
            store_row(op.cache.type,
                      op.values + t * value_n,
                      value_n,
                      op.cache.values + at * value_bytes);
        }
    });
}

}  // namespace greenroom::kernels
