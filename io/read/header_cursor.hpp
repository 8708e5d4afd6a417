// Reads a header field by field, front to back, through a small buffer; every length is compared
// with the bytes left before it is believed. Knows numbers and strings, not what they are for.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "io/read/byte_source.hpp"
#include "io/read/header_budget.hpp"
#include "io/result.hpp"

namespace greenroom::io {

static_assert(std::endian::native == std::endian::little, "files are read as little-endian");

// Reads return false when they fail; error() says why, without the name of the file. Budget and
// source must outlive this.
class HeaderCursor {
 public:
    HeaderCursor(const ByteSource& source, HeaderBudget& budget)
        : source_(source), budget_(budget) {}

    std::uint64_t position() const { return position_; }
    std::uint64_t left() const { return source_.size() - position_; }
    const Error& error() const { return error_; }
    HeaderBudget& budget() { return budget_; }

    // `field` is what an error calls the value.
    template <class T>
    requires std::is_arithmetic_v<T>
    bool read(std::string_view field, T& out) {
        std::array<std::byte, sizeof(T)> raw;
        if (!read_bytes(field, raw)) return false;
        std::memcpy(&out, raw.data(), sizeof(T));
        return true;
    }
    bool read_bytes(std::string_view field, std::span<std::byte> out);

    // A 64-bit length, then that many bytes; at most `limit_bytes`.
    bool read_string(std::string_view field, std::uint64_t limit_bytes, std::string& out);

    // A 64-bit count of things of which each takes at least `smallest_bytes` of the file and
    // `memory_bytes` of the budget.
    bool read_count(std::string_view field,
                    std::uint64_t smallest_bytes,
                    std::uint64_t memory_bytes,
                    std::uint64_t& out);

 private:
    bool fail(std::string message);
    bool refill();

    const ByteSource& source_;
    HeaderBudget& budget_;
    std::uint64_t position_ = 0;
    std::array<std::byte, 64 * 1024> buffer_;
    std::span<const std::byte> buffered_;  // bytes at position_
    Error error_;
};

}  // namespace greenroom::io
