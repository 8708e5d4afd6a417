#include "io/write/draft.hpp"

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

TEST(Draft, AppearsWholeWhenPublished) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.write("file", "old");
    Result<Draft> draft = Draft::create(path);
    ASSERT_TRUE(draft) << draft.error().message;
    ASSERT_TRUE(draft->append(bytes_of("new ")));
    ASSERT_TRUE(draft->append(bytes_of("contents")));
    EXPECT_EQ(tests::slurp(path), "old");
    ASSERT_TRUE(draft->publish());
    EXPECT_EQ(tests::slurp(path), "new contents");
    EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(Draft, LeavesNoTraceWhenAbandoned) {
    const tests::TemporaryFolder folder;
    {
        Result<Draft> draft = Draft::create(folder.path() / "file");
        ASSERT_TRUE(draft);
        ASSERT_TRUE(draft->append(bytes_of("half")));
        const Draft moved = *std::move(draft);
    }
    EXPECT_EQ(entries(folder.path()), 0u);
}

TEST(Draft, Hazard170_AKilledWriterLeavesNoTrace) {
    const tests::TemporaryFolder folder;
    const int unnamed = ::open(folder.path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (unnamed < 0) GTEST_SKIP() << "this file system has no files without a name";
    ::close(unnamed);
    const pid_t writer = ::fork();
    if (writer == 0) {
        Result<Draft> draft = Draft::create(folder.path() / "file");
        if (draft && draft->append(bytes_of("half"))) ::raise(SIGKILL);
        ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(entries(folder.path()), 0u);
}

TEST(Draft, KeepsPermissionsAndFollowsLinks) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.write("file", "old");
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink(path, folder.path() / "link");
    Result<Draft> draft = Draft::create(folder.path() / "link");
    ASSERT_TRUE(draft);
    ASSERT_TRUE(draft->append(bytes_of("new")));
    ASSERT_TRUE(draft->publish());
    EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
    EXPECT_EQ(tests::slurp(path), "new");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Draft, ReservesWithoutGrowingTheFile) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.path() / "file";
    Result<Draft> draft = Draft::create(path);
    ASSERT_TRUE(draft);
    ASSERT_TRUE(draft->reserve(1 << 20));
    ASSERT_TRUE(draft->append(bytes_of("abc")));
    ASSERT_TRUE(draft->publish());
    EXPECT_EQ(fs::file_size(path), 3u);
}

TEST(Draft, SaysAtOnceWhenTheDiskIsTooSmall) {
    const tests::TemporaryFolder folder;
    Result<Draft> draft = Draft::create(folder.path() / "file");
    ASSERT_TRUE(draft);
    const Result<void> reserved = draft->reserve(std::uint64_t{1} << 60);
    ASSERT_FALSE(reserved);
    EXPECT_NE(reserved.error().message.find("cannot write 1152921504606846976 bytes"),
              std::string::npos)
        << reserved.error().message;
}

TEST(Draft, RefusesFoldersAndDevices) {
    const tests::TemporaryFolder folder;
    for (const fs::path& path : {folder.path(), fs::path("/dev/null")}) {
        const Result<Draft> draft = Draft::create(path);
        ASSERT_FALSE(draft);
        EXPECT_NE(draft.error().message.find("not a regular file"), std::string::npos);
    }
    const Result<Draft> draft = Draft::create(folder.path() / "absent" / "file");
    ASSERT_FALSE(draft);
    EXPECT_NE(draft.error().message.find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::io
