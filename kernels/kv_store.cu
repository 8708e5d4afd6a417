#include "kernels/attention.hpp"
#include "kernels/device/block_sum.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/quant/q8.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;

// A block stores the keys or the values of one token: the bytes that the CPU twin stores.
struct KvStoreBody {
    KvStore op;
    std::size_t key_bytes, value_bytes;  // of a row

    // A warp for each block of 32.
    GREENROOM_DEVICE static void store_q8_0(const Thread& thread, float value, Q8_0& block) {
        const float scale = warp_max(thread, fabsf(value)) / 127;
        const float inverse = scale > 0 ? 1 / scale : 0;
        const float quotient = value * inverse;
        // Not a number next to an infinity, infinite where the scale has an infinite inverse.
        block.qs[thread.lane()] =
            fabsf(quotient) <= 127.5F ? static_cast<std::int8_t>(lroundf(quotient)) : 0;
        if (thread.lane() == 0) block.d = to_half(scale);
    }

    GREENROOM_DEVICE void store(const Thread& thread,
                                const float* values,
                                int n,
                                std::byte* row) const {
        for (int i = static_cast<int>(thread.index()); i < n; i += kThreads) {
            switch (op.cache.type) {
                case KvType::f32:
                    reinterpret_cast<float*>(row)[i] = values[i];
                    break;
                case KvType::f16:
                    reinterpret_cast<std::uint16_t*>(row)[i] = f32_to_f16(values[i]);
                    break;
                case KvType::q8_0:
                    store_q8_0(thread, values[i], reinterpret_cast<Q8_0*>(row)[i / 32]);
                    break;
            }
        }
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const std::size_t token = thread.block_x();
        const std::size_t position = static_cast<std::size_t>(op.first_position) + token;
        const int n_keys = op.cache.n_kv_heads * op.cache.key_dim;
        const int n_values = op.cache.n_kv_heads * op.cache.value_dim;
        if (thread.block_y() == 0) {
            store(thread, op.keys + token * n_keys, n_keys, op.cache.keys + position * key_bytes);
        } else {
            store(thread,
                  op.values + token * n_values,
                  n_values,
                  op.cache.values + position * value_bytes);
        }
    }
};

}  // namespace

void kv_store(const KvStore& op, Stream& stream) {
    require(op.n_tokens > 0 && op.first_position >= 0, "kv_store: no such positions");
    const KvLayer& cache = op.cache;
    run_body("kv_store",
             KvStoreBody{op,
                         kv_row_bytes(cache.type, cache.n_kv_heads * cache.key_dim),
                         kv_row_bytes(cache.type, cache.n_kv_heads * cache.value_dim)},
             {.blocks_x = static_cast<unsigned>(op.n_tokens), .blocks_y = 2, .threads = kThreads},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
