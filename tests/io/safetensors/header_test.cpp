#include "io/safetensors/header.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/safetensors/rejection.hpp"
#include "tests/support/gguf_bytes.hpp"

namespace greenroom::io {
namespace {
using namespace tests::safetensors;
using tests::gguf::le;
using Bytes = tests::safetensors::File;

std::vector<std::string> warnings_of(const Bytes& file) {
    const std::string bytes = file.bytes();
    HeaderBudget budget;
    const auto header = read_safetensors_header(tests::memory_file(bytes), budget);
    return header ? header->warnings : std::vector{"refused: " + header.error().message};
}

// Two tensors of 32 bytes at these places.
Bytes two_tensors(const char* a, const char* b, std::size_t data_bytes) {
    return {.members = {describe({.name = "a", .data_offsets = a}),
                        describe({.name = "b", .data_offsets = b})},
            .data = std::string(data_bytes, 'x')};
}

TEST(SafetensorsHeader, FindsTensorsInTheirOrder) {
    const std::string bytes = sample().bytes();
    HeaderBudget budget;
    const auto header = read_safetensors_header(tests::memory_file(bytes), budget);
    ASSERT_TRUE(header) << header.error().message;
    ASSERT_EQ(header->tensors.size(), 3u);
    const TensorInfo& second = header->tensors[1];
    EXPECT_EQ(second.name, "lm_head.weight");
    EXPECT_EQ(second.type, ElementType::bf16);
    EXPECT_EQ(second.shape, (std::vector<std::uint64_t>{4, 3}));  // the contiguous one first
    EXPECT_EQ(second.range, (FileRange{0, bytes.size() - 48, 24}));
    EXPECT_EQ(header->data_offset, bytes.size() - 80);
    EXPECT_TRUE(header->warnings.empty());
}

TEST(SafetensorsHeader, AcceptsAFileWithoutTensors) {
    EXPECT_EQ(header_rejection("{}"), "accepted");
    EXPECT_EQ(header_rejection(R"({"__metadata__":{"a":"b"}})"), "accepted");
}

TEST(SafetensorsHeader, Hazard079_HeaderLengthsThatLie) {
    const auto of_length = [](std::uint64_t length) {
        return rejection(Bytes{.header = "{}", .header_bytes = length}.bytes());
    };
    EXPECT_MENTIONS(of_length(0), "the header is 0 bytes long; expected 2 to");
    EXPECT_MENTIONS(of_length(1), "the header is 1 bytes long; expected 2 to");
    for (const std::uint64_t length : {3ull, 7ull, 100'000'000ull, 1ull << 63, ~0ull, ~0ull - 7}) {
        EXPECT_EQ(of_length(length),
                  fmt::format("m: the header is {} bytes long, but the file has 10: it is cut off "
                              "or its download is not complete",
                              length));
    }
    const std::string large((16 << 20) + 1, ' ');
    EXPECT_MENTIONS(rejection(Bytes{.padding = large}.bytes()), "expected 2 to 16777");
}

TEST(SafetensorsHeader, Hazard079_CutOffAnywhere) {
    const std::string whole = sample().bytes();
    ASSERT_EQ(rejection(whole), "accepted");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string message = rejection(std::string_view(whole).substr(0, length));
        ASSERT_NE(message, "accepted") << length << " of " << whole.size() << " bytes";
        ASSERT_TRUE(message.starts_with("m: ")) << message;
    }
}

TEST(SafetensorsHeader, Hazard080_HeadersThatAreNoObject) {
    for (const char* header : {"[]", "null", " {}", "\n{}", "\"{}\""}) {
        EXPECT_MENTIONS(header_rejection(header),
                        "expected a safetensors file, with { as its ninth");
    }
    for (const char* header : {"{ ", "{]", "{}x", "{} {}", "{'a':1}", "{\"a\":1}}"}) {
        EXPECT_MENTIONS(header_rejection(header), "m: header: line 1, column");
    }
    EXPECT_MENTIONS(header_rejection(std::string("{}\0", 3)), "expected the end");
    EXPECT_EQ(header_rejection("{}  \n"), "accepted");
}

TEST(SafetensorsHeader, Hazard080_KeysTwiceAndDeepNesting) {
    EXPECT_MENTIONS(rejection(two_tensors("[0,32]", "[32,64]", 64).bytes()), "accepted");
    EXPECT_MENTIONS(header_rejection(R"({"a":{},"a":{}})"), "key \"a\" appears twice");
    EXPECT_MENTIONS(header_rejection(R"({"a":{"dtype":"F32","dtype":"F32"}})"), "appears twice");
    EXPECT_MENTIONS(header_rejection("{\"a\":" + std::string(1 << 20, '[')),
                    "nested deeper than 3");
    EXPECT_MENTIONS(header_rejection(R"({"":{}})"), "a tensor's name is empty");
}

// Text that takes many times its length as values.
TEST(SafetensorsHeader, Hazard080_HeadersThatGrowInMemory) {
    constexpr std::size_t kBytes = 15u << 20;
    const auto repeat = [](std::string_view start, std::string_view piece) {
        std::string text(start);
        while (text.size() < kBytes) text += piece;
        return text;
    };
    EXPECT_MENTIONS(header_rejection(repeat("{\"a\":[", "[],")), "too much JSON");
    EXPECT_MENTIONS(header_rejection(repeat("{\"a\":[", "1,")), "too much JSON");
    EXPECT_MENTIONS(header_rejection(repeat("{\"a\":\"", "x")), "a string with a closing quote");
    EXPECT_MENTIONS(header_rejection(repeat("{\"a\":", "1")), "a number that a float can hold");
    EXPECT_MENTIONS(header_rejection(repeat("{\"a\":", " ")), "expected a value");
}

TEST(SafetensorsHeader, Hazard083_OverlapsAreRefused) {
    EXPECT_MENTIONS(rejection(two_tensors("[0,32]", "[31,63]", 64).bytes()),
                    "tensors a and b overlap");
    EXPECT_MENTIONS(rejection(two_tensors("[0,32]", "[0,32]", 32).bytes()), "overlap at byte 0");
}

TEST(SafetensorsHeader, Hazard083_TensorsBeyondTheEnd) {
    EXPECT_MENTIONS(rejection(two_tensors("[0,32]", "[32,64]", 63).bytes()),
                    "tensor b ends at byte 64 of the data, but the file has 63 of them");
    const char* last = "[18446744073709551583,18446744073709551615]";
    EXPECT_MENTIONS(rejection(two_tensors("[0,32]", last, 64).bytes()), "it is cut off");
}

TEST(SafetensorsHeader, Hazard083_HolesAndTrailingBytesAreAcceptedWithAWarning) {
    const std::vector<std::string> ten = {"m: 10 bytes belong to no tensor and are not used"};
    EXPECT_EQ(warnings_of(two_tensors("[0,32]", "[42,74]", 74)), ten);
    EXPECT_EQ(warnings_of(two_tensors("[4,36]", "[38,70]", 74)), ten);
    EXPECT_EQ(warnings_of(two_tensors("[32,64]", "[0,32]", 74)), ten);
    EXPECT_EQ(warnings_of(two_tensors("[32,64]", "[0,32]", 64)), std::vector<std::string>());
}

TEST(SafetensorsHeader, Hazard043_DataWithoutAnEndIsNoticed) {
    const Bytes file{.members = {describe({.shape = "[1048576]", .data_offsets = "[0,4194304]"})},
                     .data = std::string(2 << 20, 'x') + std::string(2 << 20, '\0')};
    const auto warnings = warnings_of(file);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_MENTIONS(warnings[0], "at its end, are zeros; was the download interrupted?");
}

TEST(SafetensorsHeader, Hazard033_ManyTensors) {
    Bytes file;
    const auto add = [&](int i) {
        file.members.push_back(describe({.name = fmt::format("t{}", i),
                                         .dtype = "\"I8\"",
                                         .shape = "[1]",
                                         .data_offsets = fmt::format("[{},{}]", i, i + 1)}));
        file.data += 'x';
    };
    for (int i = 0; i < 50'000; ++i) add(i);
    EXPECT_EQ(rejection(file.bytes()), "accepted");
    for (int i = 50'000; i < 200'000; ++i) add(i);
    EXPECT_MENTIONS(rejection(file.bytes()), "too much JSON");
}

}  // namespace
}  // namespace greenroom::io
