// The router: which experts a token goes to and with what weight.
#pragma once

#include <cstdint>

namespace greenroom::kernels {

enum class RouterRule {
    softmax_top_k_renormalised,  // softmax over all, take k, divide by their sum (Mixtral)
};

// Ties go to the lower expert id; a NaN logit ranks below every number, so ids are always distinct
// and in range. Rows come out in order of falling weight.
struct RouteTopK {
    const float* logits;    // (n_tokens, n_experts)
    std::int32_t* experts;  // (n_tokens, k)
    float* weights;         // (n_tokens, k)
    int n_tokens, n_experts, k;
    RouterRule rule;
};
void run_on_cpu(const RouteTopK& op);

}  // namespace greenroom::kernels
