#include "io/write/replace_file.hpp"

#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

class ReplaceFile : public ::testing::Test {
 protected:
    std::size_t n_files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
    }

    tests::TemporaryFolder folder_;
    fs::path path_ = folder_.path() / "f";
};

// Files of this process grow to `bytes` at most while it lives: as a full disk, for one process.
class SmallDisk {
 public:
    explicit SmallDisk(rlim_t bytes) {
        getrlimit(RLIMIT_FSIZE, &before_);
        old_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small = {bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, old_);
    }

 private:
    rlimit before_{};
    void (*old_)(int) = nullptr;
};

TEST_F(ReplaceFile, WritesNewFilesAndReplacesOldOnes) {
    ASSERT_TRUE(replace_file(path_, "one"));
    EXPECT_EQ(tests::slurp(path_), "one");
    const std::string large(1 << 20, 'x');
    ASSERT_TRUE(replace_file(path_, large));
    EXPECT_EQ(tests::slurp(path_), large);
    ASSERT_TRUE(replace_file(path_, ""));
    EXPECT_EQ(tests::slurp(path_), "");
    EXPECT_EQ(n_files(), 1u);
}

TEST_F(ReplaceFile, KeepsThePermissionsOfTheOldFile) {
    folder_.write("f", "old");
    fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(replace_file(path_, "new"));
    EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ReplaceFile, FollowsSymbolicLinks) {
    folder_.write("real", "old");
    fs::create_symlink("real", path_);
    ASSERT_TRUE(replace_file(path_, "new"));
    EXPECT_TRUE(fs::is_symlink(path_));
    EXPECT_EQ(tests::slurp(folder_.path() / "real"), "new");
}

TEST_F(ReplaceFile, RefusesWhatIsNoFile) {
    EXPECT_FALSE(replace_file(folder_.path(), "x"));
    EXPECT_FALSE(replace_file("/dev/null", "x"));
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_FALSE(replace_file(path_, "x"));
    EXPECT_FALSE(replace_file("", "x"));
}

TEST_F(ReplaceFile, Hazard163_AFullDiskLeavesTheOldFileAndNothingElse) {
    ASSERT_TRUE(replace_file(path_, "old"));
    {
        const SmallDisk disk(1000);
        const Result<void> written = replace_file(path_, std::string(5000, 'x'));
        ASSERT_FALSE(written);
        EXPECT_NE(written.error().message.find("cannot write"), std::string::npos);
    }
    EXPECT_EQ(tests::slurp(path_), "old");
    EXPECT_EQ(n_files(), 1u);
}

TEST_F(ReplaceFile, Hazard170_ADraftLeftByAKilledProcessIsInNobodysWay) {
    folder_.write("f.new-" + std::to_string(::getpid()), "half");
    ASSERT_TRUE(replace_file(path_, "whole"));
    EXPECT_EQ(tests::slurp(path_), "whole");
    EXPECT_EQ(n_files(), 1u);
}

}  // namespace
}  // namespace greenroom::io
