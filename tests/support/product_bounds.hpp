// How far two computations of one product may be apart that add its terms in different orders.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/rounded.hpp"
#include "kernels/matrix.hpp"

namespace greenroom::tests {

// The magnitudes of a row's product, added up.
struct Magnitude {
    double terms = 0;     // |float terms|
    double integers = 0;  // |their integers|
};

// Of row r of quantised w times the floats x[w.cols].
inline Magnitude magnitude_of_integers(const kernels::Matrix& w, std::int64_t r, const float* x) {
    using kernels::NormalBlock;
    const kernels::NormalForm& form = *kernels::find_normal_form(w.type);
    const kernels::BlockFormat& format = kernels::block_format(w.type);
    std::vector<std::int8_t> q(static_cast<std::size_t>(w.cols));
    std::vector<float> scales(static_cast<std::size_t>(w.cols / form.rounding));
    kernels::round_row({x, w.cols, form.rounding, q.data(), scales.data()},
                       kernels::CpuPath::plain);
    Magnitude sum;
    NormalBlock block = {};
    for (std::int64_t c = 0; c < w.cols; ++c) {
        const int in_block = static_cast<int>(c % form.columns);
        if (in_block == 0) {
            const auto b = static_cast<std::size_t>(c / format.elements);
            const int part = static_cast<int>(c / form.columns % form.parts);
            form.unpack(w.data + static_cast<std::size_t>(r) * w.row_bytes() + b * format.bytes,
                        part,
                        block);
        }
        const int g = in_block / NormalBlock::kGroup;
        const double x_q = std::abs(q[static_cast<std::size_t>(c)]);
        const double scale = scales[static_cast<std::size_t>(c / form.rounding)];
        const double product = std::abs(block.scale[g] * block.q[in_block]) * x_q;
        const double offset = std::abs(block.offset[g]) * x_q;
        sum.integers += product + offset;
        sum.terms += product * std::abs(block.d * scale);
        if (form.has_offset) sum.terms += offset * std::abs(block.m * scale);
    }
    return sum;
}

}  // namespace greenroom::tests
