#include "cli/input.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

TEST(ParseIds, TakesAListWithSpacesWherePeopleLikeThem) {
    EXPECT_EQ(*parse_ids("1,2,3"), (std::vector<std::int32_t>{1, 2, 3}));
    EXPECT_EQ(*parse_ids(" 1, 22 ,333\n"), (std::vector<std::int32_t>{1, 22, 333}));
    EXPECT_EQ(*parse_ids(""), (std::vector<std::int32_t>{}));
    EXPECT_EQ(*parse_ids("2147483647"), (std::vector<std::int32_t>{2147483647}));
}

TEST(ParseIds, Hazard161_NamesWhatIsNoId) {
    EXPECT_EQ(parse_ids("1,x").error().message, "expected token ids as in 1,2,3, got \"x\"");
    for (const char* bad : {"1,,2", ",1", "-1", "2147483648", "1 2", "0x1", "1.0", "\x1b[2J"}) {
        EXPECT_FALSE(parse_ids(bad)) << bad;
    }
}

TEST(ReadInput, ReadsAWholeFile) {
    const tests::TemporaryFolder folder;
    EXPECT_EQ(*read_input(folder.write("text", "two\nlines\n").string()), "two\nlines\n");
    EXPECT_FALSE(read_input((folder.path() / "absent").string()));
    EXPECT_FALSE(read_input(folder.path().string()));
}

TEST(ValidUtf8, ReplacesByteForByteWhatIsNone) {
    EXPECT_EQ(valid_utf8("Zażółć 👩‍💻"), "Zażółć 👩‍💻");
    EXPECT_EQ(valid_utf8("a\xc3(\xff"), "a\uFFFD(\uFFFD");
    EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a lone surrogate
    EXPECT_EQ(valid_utf8("\xe2\x82"), "\uFFFD\uFFFD");            // cut short
}

}  // namespace
}  // namespace greenroom::cli
