#include "runtime/text/byte_level.hpp"

#include <gtest/gtest.h>
#include <set>

namespace greenroom::runtime {
namespace {

TEST(ByteLevel, GivesEveryByteACharacterOfItsOwn) {
    std::set<std::string_view> seen;
    for (unsigned b = 0; b < 256; ++b) {
        const auto byte = static_cast<std::uint8_t>(b);
        seen.insert(level_of_byte(byte));
        EXPECT_EQ(bytes_of_level(level_of_byte(byte)), std::string(1, static_cast<char>(b)));
    }
    EXPECT_EQ(seen.size(), 256u);
}

TEST(ByteLevel, SpellsAsGpt2Does) {
    EXPECT_EQ(level_of_bytes("a b\n"), "aĠbĊ");
    EXPECT_EQ(level_of_bytes("é"), "Ã©");
    EXPECT_EQ(level_of_bytes(std::string_view("\0\x7F\xA0\xAD\xFF", 5)), "ĀġłŃÿ");
}

TEST(ByteLevel, LeavesOtherCharactersAlone) {
    EXPECT_EQ(bytes_of_level("a中Ġ\xFF"), "a中 \xFF");
}

}  // namespace
}  // namespace greenroom::runtime
