#include <algorithm>
#include <cmath>

#include "kernels/best_tokens.hpp"

namespace greenroom::kernels {
namespace {

// In the order of the result, but for ties.
bool is_better(float a, float b) {
    return a > b || (std::isnan(b) && !std::isnan(a));
}

}  // namespace

void run_on_cpu(const BestTokens& op) {
    int n = 0;
    for (std::int32_t id = 0; id < op.vocabulary; ++id) {
        const float logit = op.logits[id];
        // Behind its equals, whose ids are lower.
        const auto at =
            std::partition_point(
                op.values, op.values + n, [&](float v) { return !is_better(logit, v); }) -
            op.values;
        if (at == op.k) continue;
        n = std::min(n + 1, op.k);
        std::copy_backward(op.values + at, op.values + n - 1, op.values + n);
        std::copy_backward(op.ids + at, op.ids + n - 1, op.ids + n);
        op.values[at] = logit;
        op.ids[at] = id;
    }
}

}  // namespace greenroom::kernels
