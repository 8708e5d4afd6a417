// Names one routed expert of a model.
#pragma once

#include <compare>
#include <cstdint>

namespace greenroom::io {

struct ExpertKey {
    std::uint16_t layer = 0;
    std::uint16_t expert = 0;
    auto operator<=>(const ExpertKey&) const = default;
};

}  // namespace greenroom::io
