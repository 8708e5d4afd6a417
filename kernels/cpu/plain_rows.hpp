// Integer products row by row in portable C++: the definition that every other path is tested
// against.
#pragma once

#include <cstdint>

#include "kernels/activations.hpp"
#include "kernels/mat_mul.hpp"

namespace greenroom::kernels {

// Rows [begin, end) of op; weights in integers, activations rounded. `sums`: (n_tokens).
void plain_integer_rows(const MatMul& op,
                        const Activations::Rounded& x,
                        std::int64_t begin,
                        std::int64_t end,
                        float* sums);

}  // namespace greenroom::kernels
