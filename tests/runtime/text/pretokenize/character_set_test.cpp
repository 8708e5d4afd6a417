#include "runtime/text/pretokenize/character_set.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(CharacterSet, HoldsRangesAndSingleCharacters) {
    constexpr CharacterSet<4> set("x-zA-Cµ中");
    for (const char32_t c : std::u32string_view(U"ABCxyzµ中")) {
        EXPECT_TRUE(set.contains(c)) << static_cast<unsigned>(c);
    }
    for (const char32_t c : {U'\0', U'@', U'D', U'w', U'{', U'-', U'両'}) {
        EXPECT_FALSE(set.contains(c)) << static_cast<unsigned>(c);
    }
}

TEST(CharacterSet, RangesMayTouch) {
    constexpr CharacterSet<2> set("m-za-m");
    for (char32_t c = U'a'; c <= U'z'; ++c) EXPECT_TRUE(set.contains(c));
}

TEST(CharacterSet, HanIsAScript) {
    for (const char32_t c : std::u32string_view(U"中々〇豈𠀀")) {
        EXPECT_TRUE(is_han(c)) << static_cast<unsigned>(c);
    }
    for (const char32_t c : U"aひカ한、ㄅ") EXPECT_FALSE(is_han(c)) << static_cast<unsigned>(c);
}

}  // namespace
}  // namespace greenroom::runtime
