// Arithmetic on sizes that come from files: every result is checked, in one place.
#pragma once

#include <cstdint>
#include <optional>

namespace greenroom::io {

inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
    std::uint64_t out = 0;
    if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
    return out;
}

inline std::optional<std::uint64_t> checked_mul(std::uint64_t a, std::uint64_t b) {
    std::uint64_t out = 0;
    if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
    return out;
}

// The smallest multiple of `alignment` (> 0) that is at least `value`.
inline std::optional<std::uint64_t> checked_align_up(std::uint64_t value, std::uint64_t alignment) {
    const std::uint64_t rest = value % alignment;
    return rest == 0 ? std::optional(value) : checked_add(value, alignment - rest);
}

}  // namespace greenroom::io
