#include "io/read/unwritten_tail.hpp"

#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"

namespace greenroom::io {
namespace {

constexpr std::size_t kMiB = 1 << 20;

// The warning, or nothing, for `written` MiB of data and then zeros up to `all` MiB.
std::string warning_of(std::size_t written, std::size_t all) {
    const std::string bytes =
        std::string(written * kMiB, 'x') + std::string((all - written) * kMiB, 0);
    const auto warning = find_unwritten_tail(tests::memory_file(bytes), 0, bytes.size());
    if (!warning) return warning.error().message;
    return warning->value_or("");
}

TEST(UnwrittenTail, Hazard043_SaysHowMuchIsMissing) {
    EXPECT_EQ(warning_of(4, 4), "");
    EXPECT_MENTIONS(warning_of(2, 4), "m: about 43 % of the tensor data, at its end, are zeros");
    EXPECT_MENTIONS(warning_of(0, 4), "about 93 %");
}

TEST(UnwrittenTail, SmallDataAndAFewZerosPass) {
    const std::string zeros(kMiB - 1, '\0');
    EXPECT_FALSE(find_unwritten_tail(tests::memory_file(zeros), 0, zeros.size())->has_value());
    std::string bytes(4 * kMiB, 'x');
    std::fill(bytes.end() - 100'000, bytes.end(), '\0');
    EXPECT_FALSE(find_unwritten_tail(tests::memory_file(bytes), 0, bytes.size())->has_value());
}

}  // namespace
}  // namespace greenroom::io
