// The likeliest tokens, chosen where the logits lie.
#pragma once

#include <cstdint>

namespace greenroom::kernels {

// ids and values of the k largest logits of a row, largest first; ties go to the lower id, a NaN
// ranks below every number. k = 1 is greedy decoding.
struct BestTokens {
    const float* logits;  // (vocabulary)
    std::int32_t* ids;    // (k)
    float* values;        // (k)
    int vocabulary, k;
};
void run_on_cpu(const BestTokens& op);

}  // namespace greenroom::kernels
