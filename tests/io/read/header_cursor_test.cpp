#include "io/read/header_cursor.hpp"

#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"
#include "tests/support/gguf_bytes.hpp"

namespace greenroom::io {
namespace {
using tests::gguf::le;
using tests::gguf::text;

TEST(HeaderCursor, ReadsFieldAfterField) {
    const std::string bytes = le(std::uint16_t{7}) + text("name") + le(2.5);
    const auto source = tests::memory_file(bytes);
    HeaderBudget budget;
    HeaderCursor cursor(source, budget);
    std::uint16_t number = 0;
    std::string name;
    double real = 0;
    ASSERT_TRUE(cursor.read("number", number) && cursor.read_string("name", 10, name));
    ASSERT_TRUE(cursor.read("real", real)) << cursor.error().message;
    EXPECT_EQ(number, 7);
    EXPECT_EQ(name, "name");
    EXPECT_EQ(real, 2.5);
    EXPECT_EQ(cursor.left(), 0u);
    EXPECT_FALSE(cursor.read("more", number));
    EXPECT_EQ(cursor.error().message,
              "the file ends inside more: 2 bytes are due at 22, 0 are left");
}

TEST(HeaderCursor, ReadsAcrossTheEdgesOfItsBuffer) {
    std::string long_text(200'000, ' ');
    for (std::size_t i = 0; i < long_text.size(); ++i) long_text[i] = static_cast<char>(i * 7);
    const std::string bytes = text("x") + text(long_text) + le(9u);
    const auto source = tests::memory_file(bytes);
    HeaderBudget budget;
    HeaderCursor cursor(source, budget);
    std::string first, second;
    std::uint32_t last = 0;
    ASSERT_TRUE(cursor.read_string("first", 10, first));
    ASSERT_TRUE(cursor.read_string("second", 1 << 20, second)) << cursor.error().message;
    ASSERT_TRUE(cursor.read("last", last));
    EXPECT_TRUE(second == long_text);
    EXPECT_EQ(last, 9u);
}

TEST(HeaderCursor, ComparesLengthsWithLimitFileAndBudget) {
    const std::string bytes = text(std::string(100, 'x'));
    const auto source = tests::memory_file(bytes);
    std::string out;
    HeaderBudget wide, narrow(50);
    HeaderCursor limited(source, wide);
    EXPECT_FALSE(limited.read_string("name", 99, out));
    EXPECT_EQ(limited.error().message, "name is 100 bytes long; expected at most 99");
    HeaderCursor poor(source, narrow);
    EXPECT_FALSE(poor.read_string("name", 100, out));
    EXPECT_MENTIONS(poor.error().message, "name is 100 bytes long; headers may take");
    const std::string cut = bytes.substr(0, 100);
    const auto short_source = tests::memory_file(cut);
    HeaderCursor ending(short_source, wide);
    EXPECT_FALSE(ending.read_string("name", 100, out));
    EXPECT_EQ(ending.error().message, "name is 100 bytes long; the file has 92 left");
}

TEST(HeaderCursor, ComparesCountsWithFileAndBudget) {
    const std::string bytes = le(10ull) + std::string(40, 'x');
    const auto source = tests::memory_file(bytes);
    std::uint64_t count = 0;
    HeaderBudget wide, narrow(99);
    EXPECT_TRUE(HeaderCursor(source, wide).read_count("n", 4, 10, count));
    EXPECT_EQ(count, 10u);
    HeaderCursor long_things(source, wide);
    EXPECT_FALSE(long_things.read_count("n", 5, 10, count));
    EXPECT_EQ(long_things.error().message, "n is 10; the 40 bytes left have room for 8");
    EXPECT_FALSE(HeaderCursor(source, narrow).read_count("n", 4, 10, count));
    EXPECT_EQ(narrow.left_bytes(), 99u);
}

}  // namespace
}  // namespace greenroom::io
