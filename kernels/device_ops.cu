#include "kernels/device/bodies.hpp"
#include "kernels/device/vocabulary.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

void add_bias(const AddBias& op, Stream& stream);
void attention(const Attention& op, Stream& stream);
void best_tokens(const BestTokens& op, Stream& stream);
void combine(const Combine& op, Stream& stream);
void embed_rows(const EmbedRows& op, Stream& stream);
void expert_down(const ExpertDown& op, Stream& stream);
void expert_gate_up(const ExpertGateUp& op, Stream& stream);
void kv_store(const KvStore& op, Stream& stream);
void mat_mul(const DeviceMatMul& op, Stream& stream);
void rms_norm(const RmsNorm& op, Stream& stream);
void rope(const Rope& op, Stream& stream);
void round_rows(const RoundRows& op, Stream& stream);
void route_top_k(const RouteTopK& op, Stream& stream);
void silu_mul(const SiluMul& op, Stream& stream);

const DeviceOps& ops() {
    static constexpr DeviceOps kOps = {
        .add_bias = add_bias,
        .attention = attention,
        .best_tokens = best_tokens,
        .combine = combine,
        .embed_rows = embed_rows,
        .expert_down = expert_down,
        .expert_gate_up = expert_gate_up,
        .kv_store = kv_store,
        .mat_mul = mat_mul,
        .rms_norm = rms_norm,
        .rope = rope,
        .round_rows = round_rows,
        .route_top_k = route_top_k,
        .silu_mul = silu_mul,
    };
    return kOps;
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
