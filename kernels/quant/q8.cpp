#include "kernels/quant/q8.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {

void quantize(const float* x, Q8_0& block) {
    block.d = to_half(std::abs(extreme({x, 32})) / 127);
    const float d = to_float(block.d);
    for (int i = 0; i < 32; ++i)
        block.qs[i] = static_cast<std::int8_t>(nearest(x[i], d, -127, 127));
}

}  // namespace greenroom::kernels
