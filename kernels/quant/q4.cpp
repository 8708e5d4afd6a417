#include "kernels/quant/q4.hpp"

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

std::uint8_t pack(int low, int high) {
    return static_cast<std::uint8_t>(low | high << 4);
}

}  // namespace

void quantize(const float* x, Q4_0& block) {
    block.d = to_half(extreme({x, 32}) / -8);
    const float d = to_float(block.d);
    for (int i = 0; i < 16; ++i) {
        block.qs[i] = pack(nearest(x[i], d, -8, 7) + 8, nearest(x[i + 16], d, -8, 7) + 8);
    }
}

void quantize(const float* x, Q4_1& block) {
    const auto [low, high] = range({x, 32});
    block.d = to_half((high - low) / 15);
    block.m = to_half(low);
    const float d = to_float(block.d);
    const float m = to_float(block.m);
    for (int i = 0; i < 16; ++i) {
        block.qs[i] = pack(nearest(x[i] - m, d, 0, 15), nearest(x[i + 16] - m, d, 0, 15));
    }
}

}  // namespace greenroom::kernels
