#include "io/read/mapped_file.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string_view>
#include <utility>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using tests::TemporaryFolder;

std::string_view text_of(const MappedFile& map) {
    return {reinterpret_cast<const char*>(map.bytes().data()), map.bytes().size()};
}

TEST(MappedFile, ShowsAllBytesAndOutlivesTheFile) {
    const TemporaryFolder folder;
    const auto map = MappedFile::map(*File::open(folder.write("a", "0123456789")));
    ASSERT_TRUE(map) << map.error().message;
    EXPECT_EQ(text_of(*map), "0123456789");
}

TEST(MappedFile, MapsAnEmptyFile) {
    const TemporaryFolder folder;
    const auto map = MappedFile::map(*File::open(folder.write("a", "")));
    ASSERT_TRUE(map) << map.error().message;
    EXPECT_TRUE(map->bytes().empty());
}

TEST(MappedFile, Moves) {
    const TemporaryFolder folder;
    auto a = MappedFile::map(*File::open(folder.write("a", "aaa")));
    auto b = MappedFile::map(*File::open(folder.write("b", "bb")));
    ASSERT_TRUE(a && b);
    MappedFile moved = std::move(*a);
    EXPECT_TRUE(a->bytes().empty());
    EXPECT_EQ(text_of(moved), "aaa");
    moved = std::move(*b);
    EXPECT_EQ(text_of(moved), "bb");
}

TEST(MappedFile, Hazard038_RefusesAFileThatHasShrunk) {
    const TemporaryFolder folder;
    const auto file = File::open(folder.write("a", std::string(100, 'x')));
    ASSERT_TRUE(file);
    std::filesystem::resize_file(file->path(), 40);
    const auto map = MappedFile::map(*file);
    ASSERT_FALSE(map);
    EXPECT_NE(map.error().message.find("it had 100 bytes, now 40"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::io
