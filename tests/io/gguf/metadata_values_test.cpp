#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/gguf/rejection.hpp"

namespace greenroom::io {
namespace {
using namespace tests::gguf;

// An entry whose key claims another length.
std::string key_of_length(std::uint64_t length) {
    return text("key", length) + le(kU8) + '\0';
}

TEST(GgufMetadata, Hazard007_KeyLengths) {
    EXPECT_MENTIONS(metadata_rejection(key_of_length(0)), "key is empty");
    EXPECT_MENTIONS(metadata_rejection(key_of_length(65536)), "key is 65536 bytes long");
    EXPECT_MENTIONS(metadata_rejection(key_of_length(500)), "key is 500 bytes long; the file has");
    EXPECT_MENTIONS(metadata_rejection(key_of_length(~0ull)), "key is 18446744073709551615 bytes");
}

TEST(GgufMetadata, Hazard008_KeysThatAreNoText) {
    EXPECT_MENTIONS(metadata_rejection(u32_entry(std::string("a\0b", 3), 1)), "a\\x00b");
    EXPECT_MENTIONS(metadata_rejection(u32_entry("a\xFF", 1)), "not UTF-8");
    EXPECT_EQ(metadata_rejection(u32_entry(std::string(65535, 'k'), 1)), "accepted");
    EXPECT_MENTIONS(metadata_rejection(entry("a\x1b[31m", 13, "")), "a\\x1b[31m: value type is 13");
}

TEST(GgufMetadata, Hazard009_AKeyTwice) {
    EXPECT_MENTIONS(rejection(GgufFile{.metadata = {u32_entry("a", 1), u32_entry("a", 2)}}),
                    "key a is there twice");
}

TEST(GgufMetadata, Hazard010_UnknownTypes) {
    for (const std::uint32_t type : {13u, ~0u, 0x7fffffffu}) {
        EXPECT_MENTIONS(metadata_rejection(entry("a", type, std::string(8, 'x'))),
                        fmt::format("a: value type is {}; expected 0 to 12", type));
        EXPECT_MENTIONS(metadata_rejection(array_entry("a", {type, 1, "x"})),
                        fmt::format("a: array type is {}; expected 0 to 12", type));
    }
}

TEST(GgufMetadata, Hazard011_ArraysOfArrays) {
    const std::string inner = le(kU8) + le(1ull) + 'x';
    EXPECT_MENTIONS(metadata_rejection(array_entry("a", {kArray, 1, inner})), "array of arrays");
}

TEST(GgufMetadata, Hazard012_ArraySizesThatWrap) {
    for (const std::uint32_t type : {kU16, kU32, kU64, kF64, kString}) {
        const std::uint64_t count = (1ull << 62) + 1;
        EXPECT_MENTIONS(metadata_rejection(array_entry("a", {type, count, std::string(64, 'x')})),
                        fmt::format("a: array length is {}", count));
    }
}

TEST(GgufMetadata, Hazard013_ArraysLongerThanTheFile) {
    const std::string entry = array_entry("a", {kU8, 1ull << 63, ""});
    EXPECT_MENTIONS(rejection(GgufFile{.metadata = {entry}}.header()),
                    "array length is 92233720368");
    EXPECT_MENTIONS(metadata_rejection(array_entry("a", {kI8, 1000, "x"})), "have room for");
}

TEST(GgufMetadata, Hazard014_StringsLongerThanTheFile) {
    EXPECT_MENTIONS(metadata_rejection(entry("a", kString, text("x", 1000))), "the file has");
    const std::string lie = text("x") + text("y", 1000);
    EXPECT_MENTIONS(metadata_rejection(array_entry("a", {kString, 2, lie})), "1000 bytes long");
    EXPECT_MENTIONS(metadata_rejection(array_entry("a", {kString, 9, lie})), "have room for");
}

TEST(GgufMetadata, Hazard015_BooleansThatAreNone) {
    EXPECT_MENTIONS(metadata_rejection(entry("a", kBool, "\x02")),
                    "boolean value is 2; expected 0");
    EXPECT_MENTIONS(metadata_rejection(array_entry("a", {kBool, 2, "\x01\xFF"})), "is 255");
}

TEST(GgufMetadata, Hazard017_Alignments) {
    for (const std::uint32_t bytes : {0u, 1u, 3u, 4u, 13u, 48u, 0x80000000u}) {
        EXPECT_MENTIONS(metadata_rejection(u32_entry("general.alignment", bytes)),
                        fmt::format("general.alignment is {}; expected a power of two", bytes));
    }
    EXPECT_MENTIONS(metadata_rejection(text_entry("general.alignment", "32")),
                    "expected an integer");
    for (const std::uint32_t bytes : {8u, 64u, 4096u}) {
        EXPECT_EQ(rejection(GgufFile{.metadata = {u32_entry("general.alignment", bytes)},
                                     .tensors = {describe({})},
                                     .alignment = bytes,
                                     .data = std::string(32, 'x')}),
                  "accepted");
    }
}

}  // namespace
}  // namespace greenroom::io
