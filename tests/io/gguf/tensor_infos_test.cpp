#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/gguf/rejection.hpp"

namespace greenroom::io {
namespace {
using namespace tests::gguf;

constexpr std::uint32_t kQ40 = 2;
constexpr std::uint32_t kQ4K = 12;

TEST(GgufTensors, Hazard018_Names) {
    EXPECT_MENTIONS(tensor_rejection({.name = ""}), "tensor 1 of 1: name is empty");
    EXPECT_MENTIONS(tensor_rejection({.name = std::string(64, 'n')}), "expected at most 63");
    EXPECT_EQ(tensor_rejection({.name = std::string(63, 'n')}), "accepted");
    EXPECT_MENTIONS(tensor_rejection({.name = std::string("a\0b", 3)}), "a\\x00b holds a NUL");
    EXPECT_EQ(tensor_rejection({.name = "../../etc/passwd"}), "accepted");
    EXPECT_MENTIONS(tensor_rejection({.name = "\x1b]0;title\a", .type = 99}),
                    "tensor \\x1b]0;title\\x07: type 99");
    const std::string twice = describe({.name = "a"});
    EXPECT_MENTIONS(rejection(GgufFile{.tensors = {twice, twice}, .data = std::string(32, 'x')}),
                    "tensor a is there twice");
}

TEST(GgufTensors, Hazard019_NumbersOfDimensions) {
    for (const std::uint32_t n : {0u, 5u, ~0u}) {
        EXPECT_MENTIONS(tensor_rejection({.n_dims = n}),
                        fmt::format("tensor a: n_dims is {}; expected 1 to 4", n));
    }
}

TEST(GgufTensors, Hazard020_ZeroDimensions) {
    for (std::size_t i = 0; i < 4; ++i) {
        std::vector<std::uint64_t> shape(4, 1);
        shape[i] = 0;
        EXPECT_MENTIONS(tensor_rejection({.shape = shape}), "has a dimension of 0");
        EXPECT_MENTIONS(tensor_rejection({.shape = shape, .type = kQ4K}), "has a dimension of 0");
    }
}

TEST(GgufTensors, Hazard021_NegativeDimensions) {
    EXPECT_MENTIONS(tensor_rejection({.shape = {~0ull}}), "has a negative dimension");
    EXPECT_MENTIONS(tensor_rejection({.shape = {32, 1ull << 63}, .type = kQ40}), "negative");
}

TEST(GgufTensors, Hazard022_ProductsThatOverflow) {
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 32, 1ull << 31}}), "more than 2^63");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 32, 1ull << 32}}), "more than 2^63");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 62, 4, 1, 1}}), "more than 2^63");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 62, 4, 3}}), "more than 2^63");
}

TEST(GgufTensors, Hazard023_BytesThatOverflow) {
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 62}}), "more than 2^64 bytes");
    // 2^62 elements in blocks of 256 elements and 144 bytes: a size, but of no file.
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 62}, .type = kQ4K}), "cut off");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 62, 2}, .type = kQ40}), "more than 2^63");
}

TEST(GgufTensors, Hazard024_RowsThatAreNoWholeBlocks) {
    EXPECT_MENTIONS(tensor_rejection({.shape = {33, 32}, .type = kQ40}),
                    "rows of 33 elements; Q4_0 needs a multiple of 32");
    EXPECT_MENTIONS(tensor_rejection({.shape = {128, 2}, .type = kQ4K}), "a multiple of 256");
}

TEST(GgufTensors, Hazard025_TypesWithoutAFormat) {
    EXPECT_MENTIONS(tensor_rejection({.type = 4}), "type 4 (Q4_2 and Q4_3, removed in 2023)");
    EXPECT_MENTIONS(tensor_rejection({.type = 31}), "use the Q4_0 file");
    EXPECT_MENTIONS(tensor_rejection({.type = 37}), "use the IQ4_NL file");
    EXPECT_MENTIONS(tensor_rejection({.type = 41}), "newer than this program");
    EXPECT_MENTIONS(tensor_rejection({.type = 137}), "private to ik_llama.cpp");
    EXPECT_MENTIONS(tensor_rejection({.type = ~0u}),
                    "type 4294967295 (unknown); expected one of F32");
}

}  // namespace
}  // namespace greenroom::io
