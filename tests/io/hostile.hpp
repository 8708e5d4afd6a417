// What every hostile file must end in: one printable line, soon, and without much memory.
#pragma once

#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "io/read/byte_source.hpp"
#include "tests/io/allocation_peak.hpp"

namespace greenroom::tests {

// The message of the error that `read()` returns, or "accepted".
template <class Read>
std::string rejection_by(Read read) {
    constexpr std::size_t kMostBytes = 64u << 20;
    constexpr std::chrono::seconds kLongest(
        20);  // 1 is promised; sanitizers and load take the rest
    const AllocationPeak peak;
    const auto start = std::chrono::steady_clock::now();
    const auto result = read();
    EXPECT_LT(std::chrono::steady_clock::now() - start, kLongest);
    EXPECT_LE(peak.bytes(), kMostBytes);
    if (result) return "accepted";
    for (const char c : result.error().message) {
        EXPECT_GE(static_cast<unsigned char>(c), 0x20) << result.error().message;
    }
    return result.error().message;
}

inline bool mentions(std::string_view message, std::string_view words) {
    return message.find(words) != std::string_view::npos;
}

inline io::MemorySource memory_file(std::string_view bytes) {
    return {"m", std::as_bytes(std::span(bytes))};
}

}  // namespace greenroom::tests

#define EXPECT_MENTIONS(message, words) \
    EXPECT_PRED2(::greenroom::tests::mentions, std::string(message), std::string_view(words))
