#include "runtime/model/device_attention.hpp"

#include <cmath>

namespace greenroom::runtime {

DeviceAttention::DeviceAttention(const Hyperparameters& h,
                                 const Settings& settings,
                                 DeviceMemory& memory)
    : h_(h),
      settings_(settings),
      input_(memory, settings.batch, h.embed),
      attended_(memory, settings.batch, std::int64_t{h.heads} * h.head_dim) {
    const auto batch = static_cast<std::size_t>(settings.batch);
    const std::size_t q_cols = static_cast<std::size_t>(h.heads * h.head_dim);
    const std::size_t kv_cols = static_cast<std::size_t>(h.kv_heads * h.head_dim);
    q_ = memory.take<float>(batch * q_cols);
    k_ = memory.take<float>(batch * kv_cols);
    v_ = memory.take<float>(batch * kv_cols);
    sums_ = memory.take<float>(batch * q_cols);
    scratch_ = memory.take<float>(
        kernels::device_attention_scratch(h.heads, settings.batch, settings.capacity));
}

void DeviceAttention::run(const Call& call, kernels::Stream& stream) {
    const DeviceLayerWeights& w = call.weights;
    const int n = call.n_tokens;
    input_.assign(call.x, n, h_.embed);
    launch(kernels::DeviceMatMul{w.q, input_.rows_for(w.q.type, stream), q_, n}, stream);
    launch(kernels::DeviceMatMul{w.k, input_.rows_for(w.k.type, stream), k_, n}, stream);
    launch(kernels::DeviceMatMul{w.v, input_.rows_for(w.v.type, stream), v_, n}, stream);
    launch(rope(q_, h_.heads, call), stream);
    launch(rope(k_, h_.kv_heads, call), stream);
    launch(kernels::KvStore{call.cache, k_, v_, n, call.first_position}, stream);
    attend(call, stream);
    const kernels::Matrix& output = w.attention_output;
    attended_.assign(sums_, n, h_.heads * h_.head_dim);
    launch(kernels::DeviceMatMul{.w = output,
                                 .x = attended_.rows_for(output.type, stream),
                                 .y = call.out,
                                 .n_tokens = n,
                                 .adds = true},
           stream);
}

void DeviceAttention::attend(const Call& call, kernels::Stream& stream) {
    launch(kernels::Attention{.cache = call.cache,
                              .q = q_,
                              .out = sums_,
                              .n_tokens = call.n_tokens,
                              .n_heads = h_.heads,
                              .first_position = call.first_position,
                              .window = h_.window,
                              .scale = 1.0F / std::sqrt(static_cast<float>(h_.head_dim)),
                              .scratch = scratch_},
           stream);
}

kernels::Rope DeviceAttention::rope(float* x, int heads, const Call& call) const {
    return {.x = x,
            .inv_freq = settings_.inv_freq,
            .n_tokens = call.n_tokens,
            .n_heads = heads,
            .head_dim = h_.head_dim,
            .n_rot = h_.rope_dims,
            .first_position = call.first_position,
            .pairing = settings_.pairing};
}

}  // namespace greenroom::runtime
