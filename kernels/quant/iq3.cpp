#include "kernels/quant/iq3.hpp"

#include "kernels/quant/iq3_lattice.hpp"
#include "kernels/quant/signs.hpp"

namespace greenroom::kernels {

void unpack(const IQ3_XXS& block, NormalBlock& out) {
    out.d = to_float(block.d) * 0.25f;
    out.set_no_offset(256);
    for (int g = 0; g < 8; ++g) {
        const std::uint32_t word = load_u32(block.signs_scale[g]);
        out.set_scale_32(g, static_cast<int>(2 * (word >> 28) + 1));
        for (int i = 0; i < 32; ++i) {
            const std::uint16_t point = kIq3XxsLattice[block.qs[g * 8 + i / 4]];
            const std::int8_t value = kIq3XxsValues[point >> (4 * (i % 4)) & 7];
            const std::uint8_t signs = even_signs(word >> (7 * (i / 8)) & 127);
            out.q[g * 32 + i] = with_sign(value, signs, i % 8);
        }
    }
}

void unpack(const IQ3_S& block, NormalBlock& out) {
    out.d = to_float(block.d);
    out.set_no_offset(256);
    for (int g = 0; g < 8; ++g) {
        const int s = block.scales[g / 2] >> (4 * (g % 2)) & 15;
        out.set_scale_32(g, 2 * s + 1);
    }
    for (int i = 0; i < 256; ++i) {
        const int k = i / 4;
        const int ninth = block.qh[k / 8] >> (k % 8) & 1;
        const std::uint16_t point =
            kIq3SLattice[static_cast<std::size_t>(block.qs[k] | ninth << 8)];
        const std::int8_t value = kIq3SValues[point >> (4 * (i % 4)) & 7];
        out.q[i] = with_sign(value, block.signs[i / 8], i % 8);
    }
}

}  // namespace greenroom::kernels
