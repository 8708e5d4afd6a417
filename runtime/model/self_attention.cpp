#include "runtime/model/self_attention.hpp"

#include <array>
#include <cmath>

#include "kernels/mat_mul.hpp"

namespace greenroom::runtime {
namespace {

void add(const float* from, std::size_t n, float* to) {
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}

}  // namespace

SelfAttention::SelfAttention(const Hyperparameters& h, Settings settings, kernels::ThreadPool& pool)
    : h_(h),
      settings_(std::move(settings)),
      pool_(pool),
      input_(settings_.arithmetic),
      attended_(settings_.arithmetic) {
    const auto batch = static_cast<std::size_t>(settings_.batch);
    const auto head_dim = static_cast<std::size_t>(h.head_dim);
    const std::size_t q_cols = static_cast<std::size_t>(h.heads) * head_dim;
    const std::size_t kv_cols = static_cast<std::size_t>(h.kv_heads) * head_dim;
    input_.reserve(settings_.batch, h.embed);
    attended_.reserve(settings_.batch, static_cast<std::int64_t>(q_cols));
    q_.resize(batch * q_cols);
    k_.resize(batch * kv_cols);
    v_.resize(batch * kv_cols);
    sums_.resize(batch * q_cols);
    projected_.resize(batch * static_cast<std::size_t>(h.embed));
    const kernels::KvLayer shape{.keys = nullptr,
                                 .values = nullptr,
                                 .type = kernels::KvType::f32,
                                 .n_kv_heads = h.kv_heads,
                                 .key_dim = h.head_dim,
                                 .value_dim = h.head_dim};
    scratch_.resize(static_cast<std::size_t>(pool.size()) *
                    kernels::attention_scratch(shape, h.heads, settings_.capacity));
}

kernels::Rope SelfAttention::rope(float* x, int heads, int first_position, int n_tokens) const {
    return {.x = x,
            .inv_freq = settings_.inv_freq.data(),
            .n_tokens = n_tokens,
            .n_heads = heads,
            .head_dim = h_.head_dim,
            .n_rot = h_.rope_dims,
            .first_position = first_position,
            .pairing = settings_.pairing};
}

void SelfAttention::project(const Call& call) {
    const LayerWeights& w = call.weights;
    OpWork work = work_of(w.q, call.n_tokens);
    work += work_of(w.k, call.n_tokens);
    work += work_of(w.v, call.n_tokens);
    const OpTimer timer(op_totals_, Op::qkv, work);
    input_.assign(call.x, call.n_tokens, h_.embed);
    kernels::run_on_cpu(std::array{kernels::MatMul{w.q, input_, q_.data()},
                                   kernels::MatMul{w.k, input_, k_.data()},
                                   kernels::MatMul{w.v, input_, v_.data()}},
                        pool_);
}

void SelfAttention::attend(const Call& call) {
    const int n_positions = call.first_position + call.n_tokens;
    const std::int64_t kv_cols = std::int64_t{h_.kv_heads} * h_.head_dim;
    const std::size_t row_bytes = 2 * kernels::kv_row_bytes(call.cache.type, kv_cols);
    const OpTimer timer(
        op_totals_, Op::attention, {.bytes = static_cast<std::uint64_t>(n_positions) * row_bytes});
    kernels::run_on_cpu(
        kernels::Attention{.cache = call.cache,
                           .q = q_.data(),
                           .out = sums_.data(),
                           .n_tokens = call.n_tokens,
                           .n_heads = h_.heads,
                           .first_position = call.first_position,
                           .window = h_.window,
                           .scale = 1.0F / std::sqrt(static_cast<float>(h_.head_dim)),
                           .scratch = scratch_.data()},
        pool_);
}

void SelfAttention::run(const Call& call) {
    const int n = call.n_tokens, first = call.first_position;
    project(call);
    {
        const OpTimer timer(op_totals_, Op::rope);
        kernels::run_on_cpu(rope(q_.data(), h_.heads, first, n), pool_);
        kernels::run_on_cpu(rope(k_.data(), h_.kv_heads, first, n), pool_);
    }
    {
        const OpTimer timer(op_totals_, Op::kv_store);
        kernels::run_on_cpu(kernels::KvStore{call.cache, k_.data(), v_.data(), n, first}, pool_);
    }
    attend(call);
    const kernels::Matrix& w = call.weights.attention_output;
    const OpTimer timer(op_totals_, Op::attention_output, work_of(w, n));
    attended_.assign(sums_.data(), n, std::int64_t{h_.heads} * h_.head_dim);
    kernels::run_on_cpu(kernels::MatMul{w, attended_, projected_.data()}, pool_);
    add(projected_.data(),
        static_cast<std::size_t>(n) * static_cast<std::size_t>(h_.embed),
        call.out);
}

}  // namespace greenroom::runtime
