#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kernels/route_top_k.hpp"

namespace greenroom::kernels {
namespace {

float ranked(float logit) {
    return std::isnan(logit) ? -std::numeric_limits<float>::infinity() : logit;
}

// Fills experts[k] in order of falling logit. An expert moves ahead only of smaller logits, so ties
// stay in order of their ids.
void choose_top_k(const float* logits, int n_experts, int k, std::int32_t* experts) {
    int n = 0;
    for (std::int32_t e = 0; e < n_experts; ++e) {
        int at = n;
        while (at > 0 && ranked(logits[e]) > ranked(logits[experts[at - 1]])) --at;
        if (at == k) continue;
        n = std::min(n + 1, k);
        std::copy_backward(experts + at, experts + n - 1, experts + n);
        experts[at] = e;
    }
}

// The softmax over all experts, restricted to those chosen and renormalised, is the softmax over
// those chosen.
void renormalised_softmax(const float* logits, const std::int32_t* experts, int k, float* weights) {
    double sum = 0;
    const float largest = logits[experts[0]];
    for (int s = 0; s < k; ++s) {
        weights[s] = std::exp(logits[experts[s]] - largest);
        sum += double{weights[s]};
    }
    for (int s = 0; s < k; ++s) weights[s] = static_cast<float>(weights[s] / sum);
}

}  // namespace

void run_on_cpu(const RouteTopK& op) {
    for (std::int64_t t = 0; t < op.n_tokens; ++t) {
        const float* logits = op.logits + t * op.n_experts;
        std::int32_t* experts = op.experts + t * op.k;
        choose_top_k(logits, op.n_experts, op.k, experts);
        switch (op.rule) {
            case RouterRule::softmax_top_k_renormalised:
                renormalised_softmax(logits, experts, op.k, op.weights + t * op.k);
        }
    }
}

}  // namespace greenroom::kernels
