// Every op that has a device body, and the one way to call it: launch(op, stream). Pointers of an
// op are device memory. Knows no kind of GPU.
#pragma once

#include "kernels/add_bias.hpp"
#include "kernels/attention.hpp"
#include "kernels/best_tokens.hpp"
#include "kernels/combine.hpp"
#include "kernels/device/device.hpp"
#include "kernels/device_mat_mul.hpp"
#include "kernels/embed_rows.hpp"
#include "kernels/rms_norm.hpp"
#include "kernels/rope.hpp"
#include "kernels/round_rows.hpp"
#include "kernels/route_top_k.hpp"
#include "kernels/silu_mul.hpp"

namespace greenroom::kernels {

// The bodies that one kind of GPU runs; kernels/device_ops.cu fills it.
struct DeviceOps {
    void (*add_bias)(const AddBias&, Stream&);
    void (*attention)(const Attention&, Stream&);
    void (*best_tokens)(const BestTokens&, Stream&);
    void (*combine)(const Combine&, Stream&);
    void (*embed_rows)(const EmbedRows&, Stream&);
    void (*expert_down)(const ExpertDown&, Stream&);
    void (*expert_gate_up)(const ExpertGateUp&, Stream&);
    void (*kv_store)(const KvStore&, Stream&);
    void (*mat_mul)(const DeviceMatMul&, Stream&);
    void (*rms_norm)(const RmsNorm&, Stream&);
    void (*rope)(const Rope&, Stream&);
    void (*round_rows)(const RoundRows&, Stream&);
    void (*route_top_k)(const RouteTopK&, Stream&);
    void (*silu_mul)(const SiluMul&, Stream&);
};

// Floats of scratch that the device body of Attention needs for calls with up to n_tokens tokens
// over up to n_positions positions, the tokens' own ones counted.
std::size_t device_attention_scratch(int n_heads, int n_tokens, int n_positions);

inline void launch(const AddBias& op, Stream& stream) {
    stream.device().ops().add_bias(op, stream);
}
inline void launch(const Attention& op, Stream& stream) {
    stream.device().ops().attention(op, stream);
}
inline void launch(const BestTokens& op, Stream& stream) {
    stream.device().ops().best_tokens(op, stream);
}
inline void launch(const Combine& op, Stream& stream) {
    stream.device().ops().combine(op, stream);
}
inline void launch(const EmbedRows& op, Stream& stream) {
    stream.device().ops().embed_rows(op, stream);
}
inline void launch(const ExpertDown& op, Stream& stream) {
    stream.device().ops().expert_down(op, stream);
}
inline void launch(const ExpertGateUp& op, Stream& stream) {
    stream.device().ops().expert_gate_up(op, stream);
}
inline void launch(const KvStore& op, Stream& stream) {
    stream.device().ops().kv_store(op, stream);
}
inline void launch(const DeviceMatMul& op, Stream& stream) {
    stream.device().ops().mat_mul(op, stream);
}
inline void launch(const RmsNorm& op, Stream& stream) {
    stream.device().ops().rms_norm(op, stream);
}
inline void launch(const Rope& op, Stream& stream) {
    stream.device().ops().rope(op, stream);
}
inline void launch(const RoundRows& op, Stream& stream) {
    stream.device().ops().round_rows(op, stream);
}
inline void launch(const RouteTopK& op, Stream& stream) {
    stream.device().ops().route_top_k(op, stream);
}
inline void launch(const SiluMul& op, Stream& stream) {
    stream.device().ops().silu_mul(op, stream);
}

}  // namespace greenroom::kernels
