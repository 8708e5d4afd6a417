// The element types that tensors in model files have, by GGUF's numbers, and how large their blocks
// are. Knows nothing of what the bits mean; kernels/quant does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace greenroom::io {

// Values are the ggml type ids of the GGUF specification.
enum class ElementType : std::uint32_t {
    f32 = 0,
    f16 = 1,
    q4_0 = 2,
    q4_1 = 3,
    q5_0 = 6,
    q5_1 = 7,
    q8_0 = 8,
    q8_1 = 9,
    q2_k = 10,
    q3_k = 11,
    q4_k = 12,
    q5_k = 13,
    q6_k = 14,
    q8_k = 15,
    iq2_xxs = 16,
    iq2_xs = 17,
    iq3_xxs = 18,
    iq1_s = 19,
    iq4_nl = 20,
    iq3_s = 21,
    iq2_s = 22,
    iq4_xs = 23,
    i8 = 24,
    i16 = 25,
    i32 = 26,
    i64 = 27,
    f64 = 28,
    iq1_m = 29,
    bf16 = 30,
    tq1_0 = 34,
    tq2_0 = 35,
    mxfp4 = 39,
    nvfp4 = 40,
};

struct ElementFormat {
    ElementType type;
    std::string_view name;         // as users write it: "Q4_K"
    std::uint32_t block_elements;  // elements per block along a row
    std::uint32_t block_bytes;
};

// The format with this ggml id; empty for ids that are unknown, removed or private to a fork.
std::optional<ElementFormat> find_element_format(std::uint32_t ggml_id);

// The format of a type of the enumeration.
ElementFormat element_format(ElementType type);

// All known formats, by id.
std::span<const ElementFormat> element_formats();

}  // namespace greenroom::io
