// Products of quantised weights with activations where both lie in a device's memory. The twins of
// these are MatMul and ExpertFfn.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/matrix.hpp"

namespace greenroom::kernels {

// A batch of rows as RoundRows leaves it. Products with f32, f16 and bf16 weights read `values`,
// the others q and scales in the rounding of their type (rounding_of).
struct DeviceRows {
    const float* values = nullptr;   // (n_rows, cols)
    const std::int8_t* q = nullptr;  // (n_rows, cols)
    const float* scales = nullptr;   // (n_rows, cols / block)
};

// y[t][r] (+)= sum over c of w[r][c] * x[t][c]. The bits of y[t][r] depend on that row and token
// alone, not on n_tokens. Here and below weights and activations begin at multiples of 16 bytes,
// and weights may be read to the next multiple of 4.
struct DeviceMatMul {
    Matrix w;  // (rows, cols), in rows
    DeviceRows x;
    float* y;  // (n_tokens, rows)
    int n_tokens;
    bool adds = false;  // to what y holds
};

// Where the three matrices of one expert lie in device memory; nulls: not there, and its rows stay
// as they are.
struct DeviceExpert {
    const std::byte* gate;
    const std::byte* up;
    const std::byte* down;
};

// The first half of the experts of a few tokens, one row for each (token, expert) pair:
// hidden[i] = silu(gate x) * (up x), with x the row token_of[i] and the expert expert_of[i].
struct ExpertGateUp {
    const DeviceExpert* experts;    // (n_experts) of the layer, in device memory
    Matrix gate, up;                // their type and shape (ff, embed); data is null
    DeviceRows x;                   // (n_tokens, embed), rounded for gate
    const std::int32_t* expert_of;  // (n_rows), in device memory
    int rows_per_token;             // row i belongs to token i / rows_per_token
    float* hidden;                  // (n_rows, ff)
    int n_rows;
    DeviceRows up_x = {};  // x rounded for up, where rounding_of says otherwise than of gate
};

// The second half: y[i] = down hidden[i], each into a row of its own.
struct ExpertDown {
    const DeviceExpert* experts;
    Matrix down;                    // type and shape (embed, ff); data is null
    DeviceRows hidden;              // (n_rows, ff)
    const std::int32_t* expert_of;  // (n_rows)
    float* y;                       // (n_rows, embed)
    int n_rows;
};

}  // namespace greenroom::kernels
