// One expert applied to the tokens routed to it: down( silu(gate x) * (up x) ).
#pragma once

#include <span>

#include "kernels/activations.hpp"
#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// The three matrices of one expert (or of a dense feed-forward block), wherever they now lie.
struct ExpertWeights {
    Matrix gate;  // (ff, embed)
    Matrix up;    // (ff, embed)
    Matrix down;  // (embed, ff)
};

struct ExpertFfn {
    ExpertWeights weights;
    Activations& x;       // (n_tokens, embed)
    Activations& hidden;  // scratch for (n_tokens, ff); same arithmetic as x
    float* gate;          // scratch (n_tokens, ff)
    float* up;            // scratch (n_tokens, ff)
    float* y;             // (n_tokens, embed)
};
void run_on_cpu(const ExpertFfn& op, ThreadPool& pool);
// The same for several experts at once, in two passes over all of them. Their x may be one; what
// they write and their scratch must not overlap.
void run_on_cpu(std::span<const ExpertFfn> ops, ThreadPool& pool);

}  // namespace greenroom::kernels
