#include "perf/gpu_cases.hpp"

#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace greenroom::perf {
namespace {

using kernels::KvType;
using kernels::Stream;

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

std::size_t row_bytes(const GpuShape& s, KvType type) {
    return kv_row_bytes(type, std::int64_t{s.n_kv_heads} * s.head_dim);
}

kernels::KvLayer cache(Room& room, const GpuShape& s, KvType type, int n_positions) {
    const std::size_t bytes = size(n_positions) * row_bytes(s, type);
    return {room.take<std::byte>(bytes),
            room.take<std::byte>(bytes),
            type,
            s.n_kv_heads,
            s.head_dim,
            s.head_dim};
}

class Cases {
 public:
    Cases(const kernels::DeviceOps& ops, GpuShape shape) : ops_(ops), s_(std::move(shape)) {}

    std::vector<GpuCase> all() {
        for (const int n : s_.batches) {
            add_norms(n);
            add_rope(n);
            add_routing(n);
            for (const KvType type : {KvType::f16, KvType::q8_0}) add_store(n, type);
        }
        add_best_tokens(1);
        add_best_tokens(40);
        for (const KvType type : {KvType::f32, KvType::f16, KvType::q8_0}) {
            for (const int n : s_.positions) add_attention(1, n - 1, type);
            add_attention(s_.batches.back(), 0, type);
        }
        return std::move(cases_);
    }

 private:
    template <class Op>
    void add(GpuCase c, bool is_there, Op op) {
        if (is_there) cases_.push_back(case_of(std::move(c), op));
    }

    void add_norms(int n) {
        const std::size_t cols = size(s_.embed), values = size(n) * cols;
        const std::string shape = fmt::format("{}x{}", n, cols);
        add({"rms_norm", "", shape, 4.0 * double(2 * values + cols)},
            ops_.rms_norm,
            [=](Room& room) {
                return kernels::RmsNorm{room.take<float>(values),
                                        room.take<float>(cols),
                                        room.take<float>(values),
                                        n,
                                        int(cols),
                                        1e-5F};
            });
        add({"add_bias", "", shape, 4.0 * double(2 * values + cols)},
            ops_.add_bias,
            [=](Room& room) {
                return kernels::AddBias{
                    room.take<float>(cols), room.take<float>(values), n, int(cols)};
            });
        const std::size_t hidden = size(n) * size(s_.k) * size(s_.ff);
        add({"silu_mul", "", fmt::format("{}", hidden), 4.0 * double(3 * hidden)},
            ops_.silu_mul,
            [=](Room& room) {
                return kernels::SiluMul{room.take<float>(hidden),
                                        room.take<float>(hidden),
                                        room.take<float>(hidden),
                                        std::int64_t(hidden)};
            });
    }

    void add_rope(int n) {
        const int n_heads = s_.n_heads, dim = s_.head_dim;
        const std::size_t values = size(n) * size(n_heads) * size(dim);
        std::vector<float> inv_freq(size(dim) / 2);
        for (std::size_t i = 0; i < inv_freq.size(); ++i) {
            inv_freq[i] = std::pow(1e6F, -2.0F * float(i) / float(dim));
        }
        add({"rope", "", fmt::format("{}x{}x{}", n, n_heads, dim), 4.0 * double(2 * values)},
            ops_.rope,
            [=](Room& room) {
                return kernels::Rope{.x = room.take<float>(values),
                                     .inv_freq = room.put(inv_freq),
                                     .n_tokens = n,
                                     .n_heads = n_heads,
                                     .head_dim = dim,
                                     .n_rot = dim,
                                     .first_position = 1000,
                                     .pairing = kernels::RopePairing::halves};
            });
    }

    void add_routing(int n) {
        const int n_experts = s_.n_experts, k = s_.k, cols = s_.embed;
        const std::size_t pairs = size(n) * size(k);
        add({"route_top_k",
             "",
             fmt::format("{}x{}/{}", n, n_experts, k),
             4.0 * double(size(n * n_experts) + 2 * pairs)},
            ops_.route_top_k,
            [=](Room& room) {
                return kernels::RouteTopK{.logits = room.take<float>(size(n * n_experts)),
                                          .experts = room.take<std::int32_t>(pairs),
                                          .weights = room.take<float>(pairs),
                                          .n_tokens = n,
                                          .n_experts = n_experts,
                                          .k = k,
                                          .rule = kernels::RouterRule::softmax_top_k_renormalised};
            });
        std::vector<std::int32_t> rows(pairs);
        std::iota(rows.begin(), rows.end(), 0);
        add({"combine",
             "",
             fmt::format("{}x{}x{}", n, k, cols),
             4.0 * double((pairs + 2 * size(n)) * size(cols))},
            ops_.combine,
            [=](Room& room) {
                return kernels::Combine{room.take<float>(pairs * size(cols)),
                                        room.put(rows),
                                        room.take<float>(pairs),
                                        room.take<float>(size(n) * size(cols)),
                                        n,
                                        k,
                                        cols};
            });
    }

    void add_store(int n, KvType type) {
        const std::size_t values = size(n) * size(s_.n_kv_heads) * size(s_.head_dim);
        add({"kv_store",
             std::string(kernels::kv_format(type).name),
             fmt::format("{}x{}x{}", n, s_.n_kv_heads, s_.head_dim),
             2.0 * double(4 * values + size(n) * row_bytes(s_, type))},
            ops_.kv_store,
            [s = s_, n, type, values](Room& room) {
                return kernels::KvStore{cache(room, s, type, n),
                                        room.take<float>(values),
                                        room.take<float>(values),
                                        n,
                                        0};
            });
    }

    // The last n positions of first + n attend to all before them.
    void add_attention(int n, int first, KvType type) {
        const int n_heads = s_.n_heads;
        const std::size_t values = size(n) * size(n_heads) * size(s_.head_dim);
        const double seen = double(n) * (first + 0.5 * (n + 1));  // pairs of positions
        add({"attention",
             std::string(kernels::kv_format(type).name),
             fmt::format("{} after {}", n, first),
             2.0 * double(size(first + n) * row_bytes(s_, type) + 4 * values),
             4.0 * seen * n_heads * s_.head_dim},
            ops_.attention,
            [s = s_, n, first, type, values, n_heads](Room& room) {
                return kernels::Attention{
                    .cache = cache(room, s, type, first + n),
                    .q = room.take<float>(values),
                    .out = room.take<float>(values),
                    .n_tokens = n,
                    .n_heads = n_heads,
                    .first_position = first,
                    .scale = 0.1F,
                    .scratch =
                        room.take<float>(kernels::device_attention_scratch(n_heads, n, first + n))};
            });
    }

    void add_best_tokens(int k) {
        const int vocabulary = s_.vocabulary;
        add({"best_tokens", "", fmt::format("{} of {}", k, vocabulary), 4.0 * vocabulary},
            ops_.best_tokens,
            [=](Room& room) {
                return kernels::BestTokens{room.take<float>(size(vocabulary)),
                                           room.take<std::int32_t>(size(k)),
                                           room.take<float>(size(k)),
                                           vocabulary,
                                           k};
            });
    }

    kernels::DeviceOps ops_;
    GpuShape s_;
    std::vector<GpuCase> cases_;
};

}  // namespace

std::vector<GpuCase> gpu_cases(const kernels::DeviceOps& ops, const GpuShape& shape) {
    return Cases(ops, shape).all();
}

}  // namespace greenroom::perf
