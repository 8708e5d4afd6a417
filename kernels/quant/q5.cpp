#include "kernels/quant/q5.hpp"

#include "kernels/quant/fit.hpp"

namespace greenroom::kernels {
namespace {

// Element i of a cleared block becomes `stored`, 0 to 31.
template <class Block>
void pack(Block& block, int i, int stored) {
    block.qs[i % 16] |= static_cast<std::uint8_t>((stored & 15) << (i < 16 ? 0 : 4));
    block.qh[i / 8] |= static_cast<std::uint8_t>((stored >> 4) << (i % 8));
}

}  // namespace

void quantize(const float* x, Q5_0& block) {
    block = {};
    block.d = to_half(extreme({x, 32}) / -16);
    const float d = to_float(block.d);
    for (int i = 0; i < 32; ++i) pack(block, i, nearest(x[i], d, -16, 15) + 16);
}

void quantize(const float* x, Q5_1& block) {
    const auto [low, high] = range({x, 32});
    block = {};
    block.d = to_half((high - low) / 31);
    block.m = to_half(low);
    const float d = to_float(block.d);
    const float m = to_float(block.m);
    for (int i = 0; i < 32; ++i) pack(block, i, nearest(x[i] - m, d, 0, 31));
}

}  // namespace greenroom::kernels
