#include "io/gguf/split.hpp"

#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

Metadata shard(std::int64_t number, std::uint64_t count, std::int64_t n_tensors = 5) {
    Metadata metadata("s");
    metadata.insert("split.no", number);
    metadata.insert("split.count", count);
    metadata.insert("split.tensors.count", n_tensors);
    return metadata;
}

std::string problem_with(const Metadata& metadata) {
    const auto split = read_split_info(metadata);
    return split ? "none" : split.error().message;
}

std::string problem_between(const Metadata& first, const Metadata& other, std::uint32_t index) {
    const auto fits = check_shard(first, other, index);
    return fits ? "none" : fits.error().message;
}

TEST(GgufSplit, AFileWithoutKeysIsAlone) {
    const auto split = read_split_info(Metadata("m"));
    ASSERT_TRUE(split);
    EXPECT_EQ(split->index, 0u);
    EXPECT_EQ(split->count, 1u);
    EXPECT_FALSE(split->tensors);
}

TEST(GgufSplit, Hazard036_NumbersThatMakeNoSense) {
    EXPECT_EQ(problem_with(shard(2, 3)), "none");
    EXPECT_MENTIONS(problem_with(shard(3, 3)),
                    "s: split.no is 3; expected less than split.count, 3");
    EXPECT_MENTIONS(problem_with(shard(-1, 3)), "split.no is integer -1");
    EXPECT_MENTIONS(problem_with(shard(0, 1ull << 40)), "expected at most 10000");
    EXPECT_MENTIONS(problem_with(shard(0, 3, -5)), "split.tensors.count is integer -5");
}

TEST(GgufSplit, Hazard036_ShardsOfAnotherModel) {
    EXPECT_EQ(problem_between(shard(0, 3), shard(1, 3), 1), "none");
    EXPECT_MENTIONS(problem_between(shard(0, 3), shard(2, 3), 1), "is shard 3 of 3");
    EXPECT_MENTIONS(problem_between(shard(0, 3), shard(1, 4), 1), "expected shard 2 of 3");
    EXPECT_MENTIONS(problem_between(shard(0, 3), shard(1, 3, 6), 1),
                    "is 6, in the first shard it is 5");
    EXPECT_MENTIONS(problem_between(shard(0, 3), Metadata("x"), 1), "x: is shard 1 of 1");
    Metadata first = shard(0, 3);
    Metadata second = shard(1, 3);
    first.insert("general.architecture", std::string("llama"));
    EXPECT_EQ(problem_between(first, second, 1), "none");
    second.insert("general.architecture", std::string("qwen3moe"));
    EXPECT_MENTIONS(problem_between(first, second, 1), "general.architecture differs");
}

TEST(GgufSplit, Hazard036_FindsSiblingsByNameAndNamesTheMissing) {
    const tests::TemporaryFolder folder;
    const auto second = folder.write("m-00002-of-00003.gguf", "");
    folder.write("m-00003-of-00003.gguf", "");
    const SplitInfo split{.index = 1, .count = 3, .tensors = {}};
    EXPECT_MENTIONS(find_shards(second, split).error().message,
                    "is shard 2 of 3; its folder lacks m-00001-of-00003.gguf");
    const auto first = folder.write("m-00001-of-00003.gguf", "");
    const auto paths = find_shards(second, split);
    ASSERT_TRUE(paths) << paths.error().message;
    ASSERT_EQ(paths->size(), 3u);
    EXPECT_EQ(paths->front(), first);
}

TEST(GgufSplit, Hazard036_NamesThatDoNotFit) {
    const SplitInfo split{.index = 1, .count = 3, .tensors = {}};
    for (const char* name : {"model.gguf", "m-00001-of-00003.gguf", "m-00002-of-00004.gguf"}) {
        EXPECT_MENTIONS(find_shards(name, split).error().message,
                        "should end in -00002-of-00003.gguf");
    }
}

}  // namespace
}  // namespace greenroom::io
