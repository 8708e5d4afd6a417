#include "kernels/quant/iq1.hpp"

#include "kernels/quant/iq1_lattice.hpp"

namespace greenroom::kernels {
namespace {

// Elements 8k to 8k + 7.
void unpack_point(std::uint32_t index, bool down, int k, NormalBlock& out) {
    const int delta = down ? -1 : 1;
    for (int i = 0; i < 8; ++i) {
        const int coordinate = (kIq1Lattice[index] >> (2 * i) & 3) - 1;
        out.q[8 * k + i] = static_cast<std::int8_t>(8 * coordinate + delta);
    }
}

}  // namespace

void unpack(const IQ1_S& block, NormalBlock& out) {
    out.d = to_float(block.d) * 0.125f;
    out.set_no_offset(256);
    for (int g = 0; g < 8; ++g) {
        const std::uint32_t word = load_u16(block.qh[g][0], block.qh[g][1]);
        out.set_scale_32(g, static_cast<int>(2 * (word >> 12 & 7) + 1));
        for (int p = 0; p < 4; ++p) {
            const int k = g * 4 + p;
            const std::uint32_t index = block.qs[k] | (word >> (3 * p) & 7) << 8;
            unpack_point(index, (word & 0x8000) != 0, k, out);
        }
    }
}

void unpack(const IQ1_M& block, NormalBlock& out) {
    std::uint32_t words[4];
    std::uint32_t d_bits = 0;
    for (int w = 0; w < 4; ++w) {
        words[w] = load_u16(block.scales[w][0], block.scales[w][1]);
        d_bits |= (words[w] >> 12) << (4 * w);
    }
    out.d = f16_to_f32(static_cast<std::uint16_t>(d_bits)) * 0.125f;
    out.set_no_offset(256);
    for (int g = 0; g < 16; ++g) {
        out.scale[g] = static_cast<int>(2 * (words[g / 4] >> (3 * (g % 4)) & 7) + 1);
    }
    for (int k = 0; k < 32; ++k) {
        const std::uint32_t nibble = block.qh[k / 2] >> (4 * (k % 2)) & 15;
        unpack_point(block.qs[k] | (nibble & 7) << 8, (nibble & 8) != 0, k, out);
    }
}

}  // namespace greenroom::kernels
