#include "io/gguf/open.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/gguf/rejection.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using namespace tests::gguf;
using tests::TemporaryFolder;
namespace fs = std::filesystem;

Result<ModelFiles> open(const fs::path& path) {
    auto file = io::File::open(path);
    if (!file) return file.error();
    return open_gguf_model(std::move(*file));
}

std::string rejection_of_file(const fs::path& path) {
    return tests::rejection_by([&] { return open(path); });
}

struct Shard {
    std::uint16_t number = 0;  // from 0
    std::uint16_t count = 2;
    std::int32_t n_tensors = 2;  // of all shards
    std::string tensor;          // the name of its one tensor
};

std::string bytes_of(const Shard& shard) {
    return GgufFile{.metadata = {entry("split.no", kU16, le(shard.number)),
                                 entry("split.count", kU16, le(shard.count)),
                                 entry("split.tensors.count", kI32, le(shard.n_tensors))},
                    .tensors = {describe({.name = shard.tensor})},
                    .data = std::string(32, shard.tensor[0])}
        .bytes();
}

// A folder with two shards.
class GgufModel : public ::testing::Test {
 protected:
    void write(int number, const Shard& shard) {
        folder_.write(fmt::format("m-{:05}-of-00002.gguf", number), bytes_of(shard));
    }
    std::string rejection_of_set() {
        return rejection_of_file(folder_.path() / "m-00001-of-00002.gguf");
    }

    TemporaryFolder folder_;
};

TEST_F(GgufModel, OpensAllShardsFromAnyOfThem) {
    write(1, {.number = 0, .tensor = "a"});
    write(2, {.number = 1, .tensor = "b"});
    for (const char* name : {"m-00001-of-00002.gguf", "m-00002-of-00002.gguf"}) {
        const auto model = open(folder_.path() / name);
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_EQ(model->root.filename(), "m-00001-of-00002.gguf");
        ASSERT_EQ(model->files.size(), 2u);
        ASSERT_EQ(model->tensors.size(), 2u);
        const TensorInfo* b = model->find("b");
        ASSERT_NE(b, nullptr);
        EXPECT_EQ(b->range.file, 1u);
        std::string data(32, ' ');
        ASSERT_TRUE(
            model->files[1].read_at(b->range.offset, std::as_writable_bytes(std::span(data))));
        EXPECT_EQ(data, std::string(32, 'b'));
    }
}

TEST_F(GgufModel, OpensASingleFile) {
    const auto model = open(folder_.write("any name", sample().bytes()));
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->kind, ModelFiles::Kind::gguf);
    EXPECT_EQ(model->files.size(), 1u);
    EXPECT_NE(model->find("blk.0.ffn_norm.weight"), nullptr);
    EXPECT_EQ(model->find("blk.1.ffn_norm.weight"), nullptr);
}

TEST_F(GgufModel, Hazard036_ShardsThatAreMissingOrDoNotFit) {
    write(1, {.number = 0, .tensor = "a"});
    EXPECT_MENTIONS(rejection_of_set(), "its folder lacks m-00002-of-00002.gguf");
    write(2, {.number = 0, .tensor = "b"});
    EXPECT_MENTIONS(rejection_of_set(),
                    "is shard 1 of 2 by its split.no and split.count; expected");
    write(2, {.number = 1, .count = 3, .tensor = "b"});
    EXPECT_MENTIONS(rejection_of_set(), "is shard 2 of 3");
    write(2, {.number = 1, .n_tensors = 7, .tensor = "b"});
    EXPECT_MENTIONS(rejection_of_set(), "a shard of another model");
    write(1, {.number = 0, .n_tensors = 7, .tensor = "a"});
    EXPECT_MENTIONS(rejection_of_set(),
                    "split.tensors.count is 7, but the 2 shards hold 2 tensors");
    folder_.write("m-00002-of-00002.gguf", "");
    EXPECT_MENTIONS(rejection_of_set(), "m-00002-of-00002.gguf: is empty");
}

TEST_F(GgufModel, Hazard036_ShardsThatChangedPlaces) {
    write(1, {.number = 1, .tensor = "a"});
    write(2, {.number = 0, .tensor = "b"});
    EXPECT_MENTIONS(rejection_of_set(), "so its name should end in -00002-of-00002.gguf");
}

TEST_F(GgufModel, Hazard037_ATensorInTwoShards) {
    write(1, {.number = 0, .tensor = "a"});
    write(2, {.number = 1, .tensor = "a"});
    EXPECT_MENTIONS(rejection_of_set(),
                    "m-00002-of-00002.gguf: tensor a is also in an earlier shard");
}

// Each shard alone stays inside the budget.
TEST_F(GgufModel, Hazard033_ManyShardsShareOneBudget) {
    std::string pieces;
    for (int i = 0; i < 1'500'000; ++i) pieces += text("");
    for (std::uint16_t i = 0; i < 2; ++i) {
        GgufFile file{.metadata = {entry("split.no", kU16, le(i)),
                                   entry("split.count", kU16, le(std::uint16_t{2})),
                                   array_entry("a", {kString, 1'500'000, pieces})}};
        folder_.write(fmt::format("m-{:05}-of-00002.gguf", i + 1), file.bytes());
    }
    EXPECT_MENTIONS(rejection_of_set(),
                    "m-00002-of-00002.gguf: a: array length is 1500000; headers");
}

}  // namespace
}  // namespace greenroom::io
