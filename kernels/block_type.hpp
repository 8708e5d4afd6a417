// The quantised block types that kernels compute on: names, geometry, and which have code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace greenroom::kernels {

// Values are the ggml type ids of the GGUF specification, so that a loader can convert by number.
enum class BlockType : std::uint32_t {
    f32 = 0,
    f16 = 1,
    q4_0 = 2,
    q4_1 = 3,
    q5_0 = 6,
    q5_1 = 7,
    q8_0 = 8,
    q2_k = 10,
    q3_k = 11,
    q4_k = 12,
    q5_k = 13,
    q6_k = 14,
    iq2_xxs = 16,
    iq2_xs = 17,
    iq3_xxs = 18,
    iq1_s = 19,
    iq4_nl = 20,
    iq3_s = 21,
    iq2_s = 22,
    iq4_xs = 23,
    iq1_m = 29,
    bf16 = 30,
    tq1_0 = 34,
    tq2_0 = 35,
    mxfp4 = 39,
    nvfp4 = 40,
};

struct BlockFormat {
    BlockType type;
    std::string_view name;  // "Q4_K"
    std::uint32_t elements;
    std::uint32_t bytes;
    // out[elements * n] = the values of n consecutive blocks, exactly as the format defines them.
    void (*dequantize)(const std::byte* blocks, std::size_t n, float* out);
    // blocks[bytes * n] = x[elements * n], each element rounded to the nearest value its block can
    // take; null when the format is only read.
    void (*quantize)(const float* x, std::size_t n, std::byte* blocks);
};

// Null when this build has no code for the type.
const BlockFormat* find_block_format(std::uint32_t ggml_id);
const BlockFormat& block_format(BlockType type);
std::span<const BlockFormat> block_formats();

}  // namespace greenroom::kernels
