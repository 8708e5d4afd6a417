// Which block type each matrix of a model gets when a user asks for a quantisation by name. Knows
// no weights.
#pragma once

#include <string>
#include <string_view>

#include "io/result.hpp"
#include "kernels/block_type.hpp"

namespace greenroom::runtime {

// What a matrix does in the model.
enum class MatrixRole {
    embedding,
    output,
    attention_k,
    attention_v,
    attention_output,
    ffn_down,
    other,
};

// Where it stands.
struct MatrixPlace {
    MatrixRole role = MatrixRole::other;
    int layer = 0;
    int layers = 1;
    int experts = 0;
};

struct QuantMix {
    kernels::BlockType base;
    bool raised;  // some matrices get a wider type, as in llama.cpp's "_M" mixes

    kernels::BlockType type_of(const MatrixPlace& place) const;
};

// "q4_k": every matrix that type. "q4_k_m", "q5_k_m": the mixes that people download. An Error
// lists the names.
io::Result<QuantMix> find_quant_mix(std::string_view name);

}  // namespace greenroom::runtime
