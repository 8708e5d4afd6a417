#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "kernels/block_type.hpp"
#include "kernels/quant/fp4.hpp"
#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"
#include "kernels/quant/iq4.hpp"
#include "kernels/quant/q2_k.hpp"
#include "kernels/quant/q3_k.hpp"
#include "kernels/quant/q4.hpp"
#include "kernels/quant/q4_k.hpp"
#include "kernels/quant/q5.hpp"
#include "kernels/quant/q5_k.hpp"
#include "kernels/quant/q6_k.hpp"
#include "kernels/quant/q8.hpp"
#include "kernels/quant/tq.hpp"
#include "kernels/quant/unpack_part.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

// The formats of one element: the stored bits, and their conversions.
struct F32 {
    using Bits = std::uint32_t;
    static float to_f32(Bits bits) { return std::bit_cast<float>(bits); }
    static Bits from_f32(float value) { return std::bit_cast<Bits>(value); }
};
struct F16 {
    using Bits = std::uint16_t;
    static float to_f32(Bits bits) { return f16_to_f32(bits); }
    static Bits from_f32(float value) { return f32_to_f16(value); }
};
struct BF16 {
    using Bits = std::uint16_t;
    static float to_f32(Bits bits) { return bf16_to_f32(bits); }
    static Bits from_f32(float value) { return f32_to_bf16(value); }
};

template <class Float>
void widen(const std::byte* bytes, std::size_t n, float* out) {
    for (std::size_t i = 0; i < n; ++i) {
        typename Float::Bits bits;
        std::memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
        out[i] = Float::to_f32(bits);
    }
}

template <class Float>
void narrow(const float* x, std::size_t n, std::byte* bytes) {
    for (std::size_t i = 0; i < n; ++i) {
        const typename Float::Bits bits = Float::from_f32(x[i]);
        std::memcpy(bytes + i * sizeof bits, &bits, sizeof bits);
    }
}

template <class Float>
constexpr BlockFormat float_row(BlockType type, std::string_view name) {
    return {.type = type,
            .name = name,
            .elements = 1,
            .bytes = sizeof(typename Float::Bits),
            .dequantize = widen<Float>,
            .quantize = narrow<Float>};
}

// The values of one normal block, which overwrite out[columns].
template <class Block>
void write_values(const NormalBlock& block, int columns, float* out) {
    for (int c = 0; c < columns; ++c) {
        const int g = c / NormalBlock::kGroup;
        const float step = block.d * static_cast<float>(block.scale[g]);
        const float product = step * static_cast<float>(block.q[c]);
        out[c] =
            Block::kHasOffset ? product + block.m * static_cast<float>(block.offset[g]) : product;
    }
}

template <class Block>
void dequantize_blocks(const std::byte* bytes, std::size_t n, float* out) {
    NormalBlock normal;
    for (std::size_t b = 0; b < n; ++b) {
        for (int part = 0; part < n_parts<Block>(); ++part) {
            unpack_part<Block>(bytes + b * sizeof(Block), part, normal);
            write_values<Block>(normal, kPartColumns<Block>, out);
            out += kPartColumns<Block>;
        }
    }
}

template <class Block>
void quantize_blocks(const float* x, std::size_t n, std::byte* bytes) {
    auto* blocks = reinterpret_cast<Block*>(bytes);
    for (std::size_t b = 0; b < n; ++b) quantize(x + b * Block::kElements, blocks[b]);
}

template <class Block>
constexpr BlockFormat row(BlockType type, std::string_view name) {
    BlockFormat format{.type = type,
                       .name = name,
                       .elements = Block::kElements,
                       .bytes = sizeof(Block),
                       .dequantize = dequantize_blocks<Block>,
                       .quantize = nullptr};
    if constexpr (requires(const float* x, Block& block) { quantize(x, block); }) {
        format.quantize = quantize_blocks<Block>;
    }
    return format;
}

// By id.
constexpr std::array kFormats = {
    float_row<F32>(BlockType::f32, "F32"),       float_row<F16>(BlockType::f16, "F16"),
    row<Q4_0>(BlockType::q4_0, "Q4_0"),          row<Q4_1>(BlockType::q4_1, "Q4_1"),
    row<Q5_0>(BlockType::q5_0, "Q5_0"),          row<Q5_1>(BlockType::q5_1, "Q5_1"),
    row<Q8_0>(BlockType::q8_0, "Q8_0"),          row<Q2_K>(BlockType::q2_k, "Q2_K"),
    row<Q3_K>(BlockType::q3_k, "Q3_K"),          row<Q4_K>(BlockType::q4_k, "Q4_K"),
    row<Q5_K>(BlockType::q5_k, "Q5_K"),          row<Q6_K>(BlockType::q6_k, "Q6_K"),
    row<IQ2_XXS>(BlockType::iq2_xxs, "IQ2_XXS"), row<IQ2_XS>(BlockType::iq2_xs, "IQ2_XS"),
    row<IQ3_XXS>(BlockType::iq3_xxs, "IQ3_XXS"), row<IQ1_S>(BlockType::iq1_s, "IQ1_S"),
    row<IQ4_NL>(BlockType::iq4_nl, "IQ4_NL"),    row<IQ3_S>(BlockType::iq3_s, "IQ3_S"),
    row<IQ2_S>(BlockType::iq2_s, "IQ2_S"),       row<IQ4_XS>(BlockType::iq4_xs, "IQ4_XS"),
    row<IQ1_M>(BlockType::iq1_m, "IQ1_M"),       float_row<BF16>(BlockType::bf16, "BF16"),
    row<TQ1_0>(BlockType::tq1_0, "TQ1_0"),       row<TQ2_0>(BlockType::tq2_0, "TQ2_0"),
    row<MXFP4>(BlockType::mxfp4, "MXFP4"),       row<NVFP4>(BlockType::nvfp4, "NVFP4"),
};

}  // namespace

const BlockFormat* find_block_format(std::uint32_t ggml_id) {
    const auto found = std::ranges::find(kFormats, ggml_id, [](const BlockFormat& format) {
        return static_cast<std::uint32_t>(format.type);
    });
    return found == kFormats.end() ? nullptr : &*found;
}

const BlockFormat& block_format(BlockType type) {
    const BlockFormat* format = find_block_format(static_cast<std::uint32_t>(type));
    require(format != nullptr, "block_format: a number that is no block type");
    return *format;
}

std::span<const BlockFormat> block_formats() {
    return kFormats;
}

}  // namespace greenroom::kernels
