#include "io/shard_name.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

TEST(ShardName, TakesNamesApartAndMakesThem) {
    const auto name = parse_shard_name("folder/model-x-00002-of-00013.gguf");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->stem, "model-x");
    EXPECT_EQ(name->number, 2u);
    EXPECT_EQ(name->count, 13u);
    EXPECT_EQ(name->extension, ".gguf");
    EXPECT_EQ(shard_file_name(*name, 13), "model-x-00013-of-00013.gguf");
}

TEST(ShardName, OtherNamesAreNone) {
    for (const char* path : {"model.gguf",
                             "m-00000-of-00002.gguf",
                             "m-00003-of-00002.gguf",
                             "m-0001-of-0002.gguf",
                             "m-00001-of-0000x.gguf",
                             "-00001-of-00002.gguf",
                             "m-+0001-of-00002.gguf",
                             "m_00001-of-00002.gguf",
                             ""}) {
        EXPECT_FALSE(parse_shard_name(path)) << path;
    }
}

TEST(ShardName, ListsMissingFilesAndCutsLongLists) {
    const tests::TemporaryFolder folder;
    folder.write("a", "");
    std::filesystem::create_symlink("nowhere", folder.path() / "dangling");
    const std::string some[] = {"a", "b", "dangling", "c\x1b"};
    EXPECT_EQ(list_missing(folder.path(), some), "b, c\\x1b");
    EXPECT_EQ(list_missing(folder.path(), std::span(some).first(1)), "");
    const std::vector<std::string> many(1000, "missing");
    EXPECT_LT(list_missing(folder.path(), many).size(), 250u);
}

}  // namespace
}  // namespace greenroom::io
