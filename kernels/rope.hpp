#pragma once

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// Which two elements of a head a rotation turns.
enum class RopePairing {
    adjacent,  // (2i, 2i + 1)
    halves,    // (i, i + n_rot / 2)
};

// Rotary position embedding in place (Su et al. 2021): pair i of a head at position p turns by
// p * inv_freq[i]. Elements past n_rot stay as they are.
struct Rope {
    float* x;               // (n_tokens, n_heads, head_dim), row stride n_heads * head_dim
    const float* inv_freq;  // (n_rot / 2)
    int n_tokens, n_heads, head_dim;
    int n_rot;  // even, <= head_dim
    int first_position;
    RopePairing pairing;
    float magnitude = 1.0F;  // factor on cos and sin (YaRN's attention factor)
};
void run_on_cpu(const Rope& op, ThreadPool& pool);

}  // namespace greenroom::kernels
