// The rows of the embedding table that tokens name, in float.
#pragma once

#include <cstdint>

#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// out[t] = table[ids[t]], dequantised.
struct EmbedRows {
    Matrix table;             // (vocabulary, embed), in rows
    const std::int32_t* ids;  // (n_tokens), each a row of the table
    float* out;               // (n_tokens, embed)
    int n_tokens;
};
void run_on_cpu(const EmbedRows& op, ThreadPool& pool);

}  // namespace greenroom::kernels
