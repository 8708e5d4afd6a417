#include "io/safetensors/open.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/safetensors/rejection.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using namespace tests::safetensors;
namespace fs = std::filesystem;

constexpr const char* kFirst = "model-00001-of-00002.safetensors";
constexpr const char* kSecond = "model-00002-of-00002.safetensors";

std::string file_with(const std::string& tensor) {
    return tests::safetensors::File{.members = {describe({.name = tensor})},
                                    .data = std::string(32, tensor[0])}
        .bytes();
}

// A folder with config.json, two shards with the tensors a and b, and their index.
class SafetensorsFolder : public ::testing::Test {
 protected:
    void SetUp() override {
        folder_.write("config.json", "{}");
        folder_.write(kFirst, file_with("a"));
        folder_.write(kSecond, file_with("b"));
        write_index(kFirst, kSecond);
    }
    void write_index(const char* file_of_a, const char* file_of_b) {
        folder_.write(
            "model.safetensors.index.json",
            fmt::format(R"({{"weight_map":{{"a":"{}","b":"{}"}}}})", file_of_a, file_of_b));
    }
    std::string rejection_of_folder() {
        return tests::rejection_by([&] { return open_model_folder(folder_.path()); });
    }

    tests::TemporaryFolder folder_;
};

TEST_F(SafetensorsFolder, OpensAllShardsOfTheIndex) {
    const auto model = open_model_folder(folder_.path());
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->kind, ModelFiles::Kind::safetensors);
    EXPECT_EQ(model->root, folder_.path());
    EXPECT_EQ(model->files.size(), 2u);
    EXPECT_TRUE(model->warnings.empty());
    const TensorInfo* b = model->find("b");
    ASSERT_NE(b, nullptr);
    EXPECT_EQ(b->range.file, 1u);
    std::string data(32, ' ');
    ASSERT_TRUE(model->files[1].read_at(b->range.offset, std::as_writable_bytes(std::span(data))));
    EXPECT_EQ(data, std::string(32, 'b'));
}

TEST_F(SafetensorsFolder, PrefersTheWholeModelInOneFile) {
    folder_.write("model.safetensors", file_with("whole"));
    const auto model = open_model_folder(folder_.path());
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->root, folder_.path());
    EXPECT_NE(model->find("whole"), nullptr);
}

TEST_F(SafetensorsFolder, AShardOpensItsFolderAndAnotherFileItself) {
    auto shard = io::File::open(folder_.path() / kSecond);
    ASSERT_TRUE(shard);
    const auto set = open_safetensors_file(std::move(*shard));
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ(set->root, folder_.path());
    EXPECT_EQ(set->files.size(), 2u);
    auto other = io::File::open(folder_.write("other.safetensors", file_with("x")));
    ASSERT_TRUE(other);
    const auto alone = open_safetensors_file(std::move(*other));
    ASSERT_TRUE(alone) << alone.error().message;
    EXPECT_EQ(alone->root, folder_.path() / "other.safetensors");
    EXPECT_NE(alone->find("x"), nullptr);
}

TEST_F(SafetensorsFolder, AShardWithoutItsIndexSaysSo) {
    fs::remove(folder_.path() / "model.safetensors.index.json");
    auto shard = io::File::open(folder_.path() / kSecond);
    ASSERT_TRUE(shard);
    EXPECT_MENTIONS(open_safetensors_file(std::move(*shard)).error().message,
                    "is shard 2 of 2; its folder lacks model.safetensors.index.json");
    EXPECT_MENTIONS(rejection_of_folder(), "is a folder without model.safetensors or model.safet");
}

TEST_F(SafetensorsFolder, Hazard084_ShardsThatAreMissing) {
    fs::remove(folder_.path() / kSecond);
    EXPECT_MENTIONS(
        rejection_of_folder(),
        "index.json: names files that its folder lacks: model-00002-of-00002.safetensors");
    fs::create_symlink(kSecond, folder_.path() / kSecond);
    EXPECT_MENTIONS(rejection_of_folder(), "symbolic links");
}

TEST_F(SafetensorsFolder, Hazard084_TensorsInOtherFilesThanTheIndexSays) {
    write_index(kSecond, kFirst);
    EXPECT_MENTIONS(rejection_of_folder(), ".safetensors, but it lies in model-0000");
    write_index(kFirst, kFirst);
    EXPECT_MENTIONS(rejection_of_folder(),
                    "says that b lies in model-00001-of-00002.safetensors, but it lies in no file");
}

TEST_F(SafetensorsFolder, Hazard084_IndexesThatLeaveTheFolder) {
    write_index(kFirst, "../model-00002-of-00002.safetensors");
    EXPECT_MENTIONS(rejection_of_folder(), "expected the name of a file in the same folder");
}

TEST_F(SafetensorsFolder, TensorsThatTheIndexDoesNotNameAreAWarning) {
    folder_.write(
        kSecond,
        tests::safetensors::File{.members = {describe({.name = "b"}),
                                             describe({.name = "c", .data_offsets = "[32,64]"})},
                                 .data = std::string(64, 'x')}
            .bytes());
    const auto model = open_model_folder(folder_.path());
    ASSERT_TRUE(model) << model.error().message;
    ASSERT_EQ(model->warnings.size(), 1u);
    EXPECT_MENTIONS(model->warnings[0], "index.json: does not name 1 tensors of its files");
}

TEST_F(SafetensorsFolder, Hazard037_ATensorInTwoShards) {
    folder_.write(
        kSecond,
        tests::safetensors::File{.members = {describe({.name = "b"}),
                                             describe({.name = "a", .data_offsets = "[32,64]"})},
                                 .data = std::string(64, 'x')}
            .bytes());
    EXPECT_MENTIONS(rejection_of_folder(), "tensor a is also in an earlier shard");
}

TEST_F(SafetensorsFolder, Hazard085_WithoutConfig) {
    fs::remove(folder_.path() / "config.json");
    EXPECT_MENTIONS(rejection_of_folder(), "but without config.json; download the whole model");
}

TEST_F(SafetensorsFolder, Hazard043_AShardThatIsNotComplete) {
    fs::resize_file(folder_.path() / kSecond, fs::file_size(folder_.path() / kSecond) - 1);
    EXPECT_MENTIONS(rejection_of_folder(),
                    "model-00002-of-00002.safetensors: tensor b ends at byte 32");
}

}  // namespace
}  // namespace greenroom::io
