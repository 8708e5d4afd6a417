#include "io/read/byte_source.hpp"

#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

std::string read(const ByteSource& source, std::uint64_t offset, std::size_t bytes) {
    std::string out(bytes, ' ');
    const auto done = source.read_at(offset, std::as_writable_bytes(std::span(out)));
    return done ? out : done.error().message;
}

TEST(MemorySource, ReadsInsideAndRefusesTheRest) {
    const auto source = tests::memory_file("0123456789");
    EXPECT_EQ(source.size(), 10u);
    EXPECT_EQ(read(source, 3, 4), "3456");
    EXPECT_EQ(read(source, 10, 0), "");
    EXPECT_EQ(read(source, 7, 4), "m: cannot read 4 bytes at 7: it has 10");
    EXPECT_EQ(read(source, ~0ull, 2), "m: cannot read 2 bytes at 18446744073709551615: it has 10");
}

TEST(FileSource, ReadsAFileUnderItsPrintableName) {
    const tests::TemporaryFolder folder;
    const auto file = File::open(folder.write("a\x1b", "0123456789"));
    ASSERT_TRUE(file) << file.error().message;
    const FileSource source(*file);
    EXPECT_TRUE(source.name().ends_with("/a\\x1b"));
    EXPECT_EQ(source.size(), 10u);
    EXPECT_EQ(read(source, 3, 4), "3456");
    EXPECT_MENTIONS(read(source, 8, 4), "ends at 10 bytes");
}

}  // namespace
}  // namespace greenroom::io
