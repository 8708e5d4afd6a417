#include "io/element_type.hpp"

#include <array>

namespace greenroom::io {
namespace {

using enum ElementType;

// Geometry from the GGUF specification (ggml-org/ggml, docs/gguf.md).
constexpr std::array kFormats = {
    ElementFormat{f32, "F32", 1, 4},
    ElementFormat{f16, "F16", 1, 2},
    ElementFormat{q4_0, "Q4_0", 32, 18},
    ElementFormat{q4_1, "Q4_1", 32, 20},
    ElementFormat{q5_0, "Q5_0", 32, 22},
    ElementFormat{q5_1, "Q5_1", 32, 24},
    ElementFormat{q8_0, "Q8_0", 32, 34},
    ElementFormat{q8_1, "Q8_1", 32, 36},
    ElementFormat{q2_k, "Q2_K", 256, 84},
    ElementFormat{q3_k, "Q3_K", 256, 110},
    ElementFormat{q4_k, "Q4_K", 256, 144},
    ElementFormat{q5_k, "Q5_K", 256, 176},
    ElementFormat{q6_k, "Q6_K", 256, 210},
    ElementFormat{q8_k, "Q8_K", 256, 292},
    ElementFormat{iq2_xxs, "IQ2_XXS", 256, 66},
    ElementFormat{iq2_xs, "IQ2_XS", 256, 74},
    ElementFormat{iq3_xxs, "IQ3_XXS", 256, 98},
    ElementFormat{iq1_s, "IQ1_S", 256, 50},
    ElementFormat{iq4_nl, "IQ4_NL", 32, 18},
    ElementFormat{iq3_s, "IQ3_S", 256, 110},
    ElementFormat{iq2_s, "IQ2_S", 256, 82},
    ElementFormat{iq4_xs, "IQ4_XS", 256, 136},
    ElementFormat{i8, "I8", 1, 1},
    ElementFormat{i16, "I16", 1, 2},
    ElementFormat{i32, "I32", 1, 4},
    ElementFormat{i64, "I64", 1, 8},
    ElementFormat{f64, "F64", 1, 8},
    ElementFormat{iq1_m, "IQ1_M", 256, 56},
    ElementFormat{bf16, "BF16", 1, 2},
    ElementFormat{tq1_0, "TQ1_0", 256, 54},
    ElementFormat{tq2_0, "TQ2_0", 256, 66},
    ElementFormat{mxfp4, "MXFP4", 32, 17},
    ElementFormat{nvfp4, "NVFP4", 64, 36},
};

}  // namespace

std::optional<ElementFormat> find_element_format(std::uint32_t ggml_id) {
    for (const ElementFormat& format : kFormats) {
        if (static_cast<std::uint32_t>(format.type) == ggml_id) return format;
    }
    return std::nullopt;
}

ElementFormat element_format(ElementType type) {
    return find_element_format(static_cast<std::uint32_t>(type)).value_or(kFormats[0]);
}

std::span<const ElementFormat> element_formats() {
    return kFormats;
}

}  // namespace greenroom::io
