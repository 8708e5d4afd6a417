#include "kernels/quant/tq.hpp"

#include <algorithm>

namespace greenroom::kernels {
namespace {

// Digit n of each of `width` bytes goes to q[width * n + its place].
std::int8_t* unpack_digits(const std::uint8_t* bytes, int width, int n_digits, std::int8_t* q) {
    for (int n = 0, power = 1; n < n_digits; ++n, power *= 3) {
        for (int l = 0; l < width; ++l) {
            const int fraction = bytes[l] * power & 255;
            *q++ = static_cast<std::int8_t>((fraction * 3 >> 8) - 1);
        }
    }
    return q;
}

}  // namespace

void unpack(const TQ1_0& block, NormalBlock& out) {
    out.set_scale(to_float(block.d), 256);
    out.set_no_offset(256);
    std::int8_t* q = unpack_digits(block.qs, 32, 5, out.q);
    q = unpack_digits(block.qs + 32, 16, 5, q);
    unpack_digits(block.qh, 4, 4, q);
}

void unpack(const TQ2_0& block, NormalBlock& out) {
    out.set_scale(to_float(block.d), 256);
    out.set_no_offset(256);
    for (int i = 0; i < 256; ++i) {
        const int stored = block.qs[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
        out.q[i] = static_cast<std::int8_t>(stored - 1);
    }
}

}  // namespace greenroom::kernels
