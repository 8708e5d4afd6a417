#include "kernels/quant/iq2.hpp"

#include "kernels/quant/iq2_lattice.hpp"
#include "kernels/quant/signs.hpp"

namespace greenroom::kernels {
namespace {

// Elements 8k to 8k + 7.
void unpack_point(std::uint16_t point, std::uint8_t signs, int k, NormalBlock& out) {
    for (int i = 0; i < 8; ++i) {
        out.q[8 * k + i] = with_sign(kIq2Values[point >> (2 * i) & 3], signs, i);
    }
}

// A scale s stands for (s + 1/2) d / 4 = (2s + 1) d / 8.
void unpack_scales(Half d, const std::uint8_t* nibbles, NormalBlock& out) {
    out.d = to_float(d) * 0.125f;
    out.set_no_offset(256);
    for (int g = 0; g < 16; ++g) out.scale[g] = 2 * (nibbles[g / 2] >> (4 * (g % 2)) & 15) + 1;
}

}  // namespace

void unpack(const IQ2_XXS& block, NormalBlock& out) {
    out.d = to_float(block.d) * 0.125f;
    out.set_no_offset(256);
    for (int g = 0; g < 8; ++g) {
        const auto& group = block.groups[g];
        const std::uint32_t word = load_u32(group.signs_scale);
        out.set_scale_32(g, static_cast<int>(2 * (word >> 28) + 1));
        for (int p = 0; p < 4; ++p) {
            unpack_point(
                kIq2XxsLattice[group.points[p]], even_signs(word >> (7 * p) & 127), g * 4 + p, out);
        }
    }
}

void unpack(const IQ2_XS& block, NormalBlock& out) {
    unpack_scales(block.d, block.scales, out);
    for (int k = 0; k < 32; ++k) {
        const std::uint32_t word = load_u16(block.qs[k][0], block.qs[k][1]);
        unpack_point(kIq2XsLattice[word & 511], even_signs(word >> 9), k, out);
    }
}

void unpack(const IQ2_S& block, NormalBlock& out) {
    unpack_scales(block.d, block.scales, out);
    for (int k = 0; k < 32; ++k) {
        const int high = block.qh[k / 4] >> (2 * (k % 4)) & 3;
        const auto index = static_cast<std::size_t>(block.qs[k] | high << 8);
        unpack_point(kIq2SLattice[index], block.signs[k], k, out);
    }
}

}  // namespace greenroom::kernels
