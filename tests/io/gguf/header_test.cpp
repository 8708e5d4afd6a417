#include "io/gguf/header.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/gguf/rejection.hpp"

namespace greenroom::io {
namespace {
using namespace tests::gguf;

// A read, and what it took.
Result<GgufHeader> read(const std::string& bytes) {
    HeaderBudget budget;
    return read_gguf_header(tests::memory_file(bytes), budget);
}

TEST(GgufHeader, ReadsEveryTypeOfValue) {
    const auto header = read(sample().bytes());
    ASSERT_TRUE(header) << header.error().message;
    const Metadata& m = header->metadata;
    EXPECT_EQ(header->version, 3u);
    EXPECT_EQ(**m.text("general.architecture"), "llama");
    EXPECT_EQ((*m.texts("tokens"))->at(2), "a piece that is too long to lie in the string itself");
    // The last bytes of the double 1.5 are 00 00 f8 3f.
    EXPECT_EQ(**m.unsigned_integer("value.0"), 0x3Fu);
    EXPECT_EQ(**m.unsigned_integer("value.1"), 0x3Fu);
    EXPECT_EQ(**m.unsigned_integer("value.2"), 0x3FF8u);
    EXPECT_EQ(**m.unsigned_integer("value.3"), 0x3FF8u);
    EXPECT_EQ(**m.unsigned_integer("value.4"), 0x3FF80000u);
    EXPECT_EQ(**m.unsigned_integer("value.5"), 0x3FF80000u);
    EXPECT_EQ(**m.number("value.6"), 1.9375);
    EXPECT_TRUE(**m.boolean("value.7"));
    EXPECT_EQ(**m.unsigned_integer("value.10"), 0x3FF8000000000000u);
    EXPECT_EQ(**m.number("value.12"), 1.5);
    for (const char* key : {"array.0", "array.3", "array.4", "array.7", "array.11"}) {
        EXPECT_EQ((*m.integers(key))->size(), 2u) << key;
    }
    EXPECT_EQ((*m.floats("array.6"))->at(1), 1.9375f);
}

TEST(GgufHeader, PlacesTensorsInTheFile) {
    const GgufFile file = sample();
    const auto header = read(file.bytes());
    ASSERT_TRUE(header) << header.error().message;
    ASSERT_EQ(header->tensors.size(), 2u);
    const TensorInfo& second = header->tensors[1];
    EXPECT_EQ(second.name, "blk.0.ffn_up_exps.weight");
    EXPECT_EQ(second.shape, (std::vector<std::uint64_t>{32, 2, 2}));
    EXPECT_EQ(second.type, ElementType::q4_0);
    EXPECT_EQ(second.range.bytes, 4 * 18u);
    EXPECT_EQ(second.range.offset, file.bytes().size() - 4 * 18);
    EXPECT_EQ(header->tensors[0].range.offset, header->data_offset);
    EXPECT_TRUE(header->warnings.empty());
}

TEST(GgufHeader, ReadsVersion2AndFilesWithoutTensors) {
    EXPECT_EQ(rejection(GgufFile{.version = 2}), "accepted");
    EXPECT_EQ(rejection(GgufFile{}.header()), "accepted");  // nothing pads the end
}

TEST(GgufHeader, Hazard001_EmptyFile) {
    EXPECT_EQ(rejection(""), "m: is empty; expected a GGUF file");
}

TEST(GgufHeader, Hazard002_CutOffAnywhere) {
    const std::string whole = sample().bytes();
    ASSERT_EQ(rejection(whole), "accepted");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string message = rejection(std::string_view(whole).substr(0, length));
        ASSERT_NE(message, "accepted") << length << " of " << whole.size() << " bytes";
        ASSERT_TRUE(message.starts_with("m: ")) << message;
    }
}

TEST(GgufHeader, Hazard003_NamesWhatElseTheFileIs) {
    EXPECT_MENTIONS(rejection("<!DOCTYPE html><html>"), "HTML page");
    EXPECT_MENTIONS(rejection("version https://git-lfs.github.com/spec/v1\noid"), "git lfs pull");
    EXPECT_MENTIONS(rejection("PK\x03\x04rest"), "ZIP");
    EXPECT_MENTIONS(rejection("lmggrest"), "GGML file of 2023");
    EXPECT_MENTIONS(rejection(le(2ull) + "{}"), "safetensors");
    EXPECT_MENTIONS(rejection("GGU"), "is text");
    EXPECT_MENTIONS(rejection(std::string(100, '\0')), "zeros");
}

TEST(GgufHeader, Hazard004_Versions) {
    EXPECT_MENTIONS(rejection(GgufFile{.version = 0}), "version 0; expected 2 or 3");
    EXPECT_MENTIONS(rejection(GgufFile{.version = 1}), "no longer in use");
    EXPECT_MENTIONS(rejection(GgufFile{.version = 4}), "version 4; expected 2 or 3");
    EXPECT_MENTIONS(rejection(GgufFile{.version = 0x03000000}), "big-endian");
    EXPECT_MENTIONS(rejection(GgufFile{.magic = "FUGG"}), "reversed bytes");
}

TEST(GgufHeader, Hazard005_TensorCountsThatTheFileCannotHold) {
    for (const std::uint64_t count : {1ull << 63, ~0ull, 1ull << 60, 1000ull}) {
        EXPECT_MENTIONS(rejection(GgufFile{.n_tensors = count}),
                        fmt::format("tensor_count is {}", count));
    }
}

TEST(GgufHeader, Hazard006_MetadataCountsThatTheFileCannotHold) {
    for (const std::uint64_t count : {1ull << 63, ~0ull, 1ull << 60, 1000ull}) {
        EXPECT_MENTIONS(rejection(GgufFile{.n_metadata = count}),
                        fmt::format("metadata_kv_count is {}", count));
    }
}

TEST(GgufHeader, Hazard016_EndsWhereTensorsAreDue) {
    GgufFile file = sample();
    const std::string promised = file.header().substr(0, file.header().size());
    file.tensors.clear();
    file.n_tensors = 1;
    EXPECT_MENTIONS(rejection(file.header()), "the file ends inside");
}

TEST(GgufHeader, Hazard033_AMillionTensors) {
    GgufFile file;
    const std::uint64_t count = 1'000'000;
    file.tensors.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        file.tensors.push_back(describe({.name = std::to_string(i), .offset = i * 32}));
    }
    file.data = std::string(count * 32, 'x');
    EXPECT_MENTIONS(rejection(file), "tensor_count is 1000000; headers may take 60 MiB");
    // As many as the budget allows are read, and compared, without quadratic time.
    const std::size_t most = 200'000;
    file.tensors.resize(most);
    EXPECT_EQ(rejection(file), "accepted");
}

TEST(GgufHeader, Hazard033_AMillionKeys) {
    GgufFile file;
    for (int i = 0; i < 1'000'000; ++i) file.metadata.push_back(u32_entry(std::to_string(i), 1));
    EXPECT_MENTIONS(rejection(file), "metadata_kv_count is 1000000; headers may take 60 MiB");
    file.metadata.resize(250'000);
    EXPECT_EQ(rejection(file), "accepted");
}

TEST(GgufHeader, Hazard033_OneArrayOfAMillionStrings) {
    const std::vector<std::string> pieces(1'000'000, "piece");
    EXPECT_EQ(metadata_rejection(texts_entry("tokens", pieces)), "accepted");
}

}  // namespace
}  // namespace greenroom::io
