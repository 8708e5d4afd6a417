#include "io/disk/disk_file.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

ino_t inode(int descriptor) {
    struct stat status {};
    fstat(descriptor, &status);
    return status.st_ino;
}

TEST(DiskFile, IsTheFileThatWasOpenedWhateverItsPathNamesNow) {
    const tests::TemporaryFolder folder;
    const auto path = folder.write("model", "old");
    const auto file = File::open(path);
    ASSERT_TRUE(file);
    std::filesystem::remove(path);
    folder.write("model", "new");
    const DiskFile disk = DiskFile::open(*file);
    EXPECT_EQ(inode(disk.descriptor()), inode(file->descriptor()));
}

TEST(DiskFile, SaysWhyItsReadsAreBuffered) {
    const tests::TemporaryFolder folder;
    const auto file = File::open(folder.write("model", "x"));
    ASSERT_TRUE(file);
    DiskFile disk = DiskFile::open(*file);
    EXPECT_EQ(disk.is_direct(), disk.refusal().empty());
    disk.give_up_direct("no such luck");
    EXPECT_FALSE(disk.is_direct());
    EXPECT_EQ(disk.refusal(), "no such luck");
    EXPECT_EQ(disk.descriptor(), file->descriptor());
}

// The file system of /proc does; what stands there can be read all the same.
TEST(DiskFile, Hazard040_AFileSystemThatRefusesDirectReadsIsNoError) {
    const auto file = File::open("/proc/self/status");
    if (!file) GTEST_SKIP() << file.error().message;
    const DiskFile disk = DiskFile::open(*file);
    EXPECT_FALSE(disk.is_direct());
    EXPECT_EQ(disk.refusal(), "Invalid argument");
    EXPECT_EQ(disk.descriptor(), file->descriptor());
}

}  // namespace
}  // namespace greenroom::io
