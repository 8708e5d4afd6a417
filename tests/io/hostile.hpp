// What every hostile file must end in: one printable line, soon, and without much memory.
#pragma once

#include <ctime>
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
    // Of the processor's time, which others that use it do not count against. 1 is promised;
    // sanitizers take the rest.
    constexpr double kLongest_s = 20;
    const AllocationPeak peak;
    const std::clock_t start = std::clock();
    const auto result = read();
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, kLongest_s);
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
