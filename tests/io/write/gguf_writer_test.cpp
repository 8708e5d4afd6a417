#include "io/write/gguf_writer.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <string>

#include "io/model_files.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

Metadata every_kind_of_value() {
    Metadata metadata("written");
    metadata.insert("general.architecture", std::string("llama"));
    metadata.insert("flag", true);
    metadata.insert("small", std::uint64_t{7});
    metadata.insert("large", std::uint64_t{1} << 40);
    metadata.insert("negative", std::int64_t{-3});
    metadata.insert("eps", double{1e-5f});
    metadata.insert("pi", 3.141592653589793);
    metadata.insert("floats", std::vector<float>{1.5f, -2});
    metadata.insert("ints", std::vector<std::int32_t>{-1, 6});
    metadata.insert("bytes", std::vector<std::uint8_t>{0, 255});
    metadata.insert("longs", std::vector<std::int64_t>{1, 2, 3});
    metadata.insert("tokens", std::vector<std::string>{"", "a", "\xe2\x96\x81z"});
    return metadata;
}

const std::vector<TensorPlan> kTensors = {
    {.name = "first", .shape = {3}, .type = ElementType::f32},
    {.name = "second", .shape = {64, 2}, .type = ElementType::q8_0},
    {.name = "third", .shape = {8, 1, 2}, .type = ElementType::f16},
};

std::vector<std::byte> filled(std::uint64_t n, int value) {
    return std::vector<std::byte>(n, static_cast<std::byte>(value));
}

Result<void> write_all(const fs::path& path) {
    Result<GgufWriter> writer = GgufWriter::create(path, every_kind_of_value(), kTensors);
    if (!writer) return writer.error();
    int value = 1;
    for (const TensorPlan& tensor : kTensors) {
        const std::vector<std::byte> bytes = filled(tensor.bytes(), value++);
        const auto half = std::span(bytes).first(bytes.size() / 2);
        if (auto ok = writer->write(half); !ok) return ok.error();
        if (auto ok = writer->write(std::span(bytes).subspan(half.size())); !ok) return ok.error();
    }
    return writer->finish();
}

TEST(GgufWriter, WhatItWritesReadsBackTheSame) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "model.gguf";
    const Result<void> written = write_all(path);
    ASSERT_TRUE(written) << written.error().message;
    const Result<ModelFiles> files = open_model_files(path);
    ASSERT_TRUE(files) << files.error().message;
    EXPECT_TRUE(files->warnings.empty());

    const Metadata expected = every_kind_of_value();
    EXPECT_EQ(files->metadata.keys(), expected.keys());
    for (const std::string& key : expected.keys()) {
        EXPECT_EQ(*files->metadata.find(key), *expected.find(key)) << key;
    }
    ASSERT_EQ(files->tensors.size(), kTensors.size());
    for (std::size_t i = 0; i < kTensors.size(); ++i) {
        const TensorInfo& tensor = files->tensors[i];
        EXPECT_EQ(tensor.name, kTensors[i].name);
        EXPECT_EQ(tensor.shape, kTensors[i].shape);
        EXPECT_EQ(tensor.type, kTensors[i].type);
        std::vector<std::byte> bytes(kTensors[i].bytes());
        ASSERT_EQ(tensor.range.bytes, bytes.size());
        ASSERT_TRUE(files->files[0].read_at(tensor.range.offset, bytes));
        EXPECT_EQ(bytes, filled(bytes.size(), static_cast<int>(i) + 1));
    }
}

TEST(GgufWriter, ShowsNothingBeforeItIsFinished) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "model.gguf";
    {
        Result<GgufWriter> writer = GgufWriter::create(path, every_kind_of_value(), kTensors);
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->write(filled(12, 1)));
        EXPECT_FALSE(fs::exists(path));
        EXPECT_FALSE(writer->finish()) << "two tensors are missing";
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(GgufWriter, RefusesBytesBeyondATensorsEnd) {
    const tests::TemporaryFolder folder;
    Result<GgufWriter> writer =
        GgufWriter::create(folder.path() / "model.gguf", every_kind_of_value(), kTensors);
    ASSERT_TRUE(writer);
    EXPECT_FALSE(writer->write(filled(13, 1)));
    EXPECT_TRUE(writer->write(filled(12, 1)));
}

TEST(GgufWriter, RefusesAnAlignmentOfItsOwn) {
    const tests::TemporaryFolder folder;
    Metadata metadata;
    metadata.insert("general.alignment", std::uint64_t{64});
    EXPECT_FALSE(GgufWriter::create(folder.path() / "model.gguf", metadata, kTensors));
}

}  // namespace
}  // namespace greenroom::io
