#include "runtime/lab/quant_mix.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "io/file.hpp"
#include "runtime/lab/random_blocks.hpp"

namespace greenroom::runtime {
namespace {

using kernels::BlockType;

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

// The layers where "_M" mixes spend more: the first and last eighth, and every third in between.
bool is_raised(int layer, int layers) {
    const int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
}

}  // namespace

BlockType QuantMix::type_of(const MatrixPlace& place) const {
    if (!raised) return base;
    const bool is_mixtral = place.experts == 8;
    const BlockType wider = is_raised(place.layer, place.layers) ? BlockType::q6_k : base;
    switch (place.role) {
        case MatrixRole::output:
            return BlockType::q6_k;
        case MatrixRole::attention_k:
            return is_mixtral ? BlockType::q8_0 : base;
        case MatrixRole::attention_v:
            return is_mixtral ? BlockType::q8_0 : wider;
        case MatrixRole::attention_output:
            return is_mixtral ? BlockType::q5_k : base;
        case MatrixRole::ffn_down:
            return wider;
        case MatrixRole::embedding:
        case MatrixRole::other:
            break;
    }
    return base;
}

io::Result<QuantMix> find_quant_mix(std::string_view name) {
    const std::string wanted = lower_case(name);
    if (wanted == "q4_k_m") return QuantMix{BlockType::q4_k, true};
    if (wanted == "q5_k_m") return QuantMix{BlockType::q5_k, true};
    std::string names = "q4_k_m, q5_k_m";
    for (const kernels::BlockFormat& format : kernels::block_formats()) {
        if (!can_be_random(format)) continue;
        const std::string known = lower_case(format.name);
        if (known == wanted) return QuantMix{format.type, false};
        names += ", " + known;
    }
    return io::Error{
        fmt::format("no quantisation \"{}\" to write; there are {}", io::printable(name), names)};
}

}  // namespace greenroom::runtime
