#include "io/read/read_ranges.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;
using tests::TemporaryFolder;

constexpr std::size_t kMiB = 1 << 20;

std::string random_bytes(std::size_t size, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string bytes(size + sizeof(std::uint64_t), '\0');
    for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) {
        const std::uint64_t eight = random();
        std::memcpy(bytes.data() + i, &eight, sizeof(eight));
    }
    bytes.resize(size);
    return bytes;
}

std::span<std::byte> memory_of(std::string& text) {
    return std::as_writable_bytes(std::span(text));
}

// Two files, one of them several pieces long.
class ReadRanges : public ::testing::Test {
 protected:
    void SetUp() override {
        for (const std::string& bytes : bytes_) {
            auto file = File::open(folder_.write(std::to_string(files_.size()), bytes));
            ASSERT_TRUE(file) << file.error().message;
            files_.push_back(std::move(*file));
        }
    }

    std::string message(const ReadJob& job) {
        const auto read = read_ranges(files_, std::span(&job, 1), 2);
        return read ? "read" : read.error().message;
    }

    TemporaryFolder folder_;
    std::vector<std::string> bytes_ = {random_bytes(20 * kMiB + 123, 1), random_bytes(5000, 2)};
    std::vector<File> files_;
};

TEST_F(ReadRanges, FillsEveryJobWithAnyNumberOfThreads) {
    for (const int n_threads : {-1, 1, 3, 16}) {
        std::string large(bytes_[0].size() - 7, ' ');
        std::string small(100, ' ');
        std::string none;
        const std::vector<ReadJob> jobs = {{{1, 40, 100}, memory_of(small)},
                                           {{1, 5000, 0}, memory_of(none)},
                                           {{0, 7, large.size()}, memory_of(large)}};
        const auto read = read_ranges(files_, jobs, n_threads);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_TRUE(large == bytes_[0].substr(7));
        EXPECT_EQ(small, bytes_[1].substr(40, 100));
    }
}

TEST_F(ReadRanges, FillsManySmallJobsInAnyOrder) {
    std::string got(bytes_[1].size(), ' ');
    std::vector<ReadJob> jobs;
    for (std::size_t i = 0; i < got.size(); ++i) {
        jobs.push_back({{1, i, 1}, memory_of(got).subspan(i, 1)});
    }
    std::ranges::shuffle(jobs, std::minstd_rand(3));
    ASSERT_TRUE(read_ranges(files_, jobs, 4));
    EXPECT_EQ(got, bytes_[1]);
}

TEST_F(ReadRanges, DoesNothingWithoutJobs) {
    int calls = 0;
    EXPECT_TRUE(read_ranges(files_, {}, 4, {.progress = [&](auto, auto) { ++calls; }, .stop = {}}));
    EXPECT_EQ(calls, 0);
}

TEST_F(ReadRanges, ReportsProgressFromTheCallingThreadUpToTheTotal) {
    std::string large(bytes_[0].size(), ' ');
    const ReadJob job{{0, 0, large.size()}, memory_of(large)};
    std::vector<std::uint64_t> reported;
    const auto me = std::this_thread::get_id();
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_EQ(std::this_thread::get_id(), me);
        EXPECT_EQ(total, large.size());
        reported.push_back(done);
    };
    ASSERT_TRUE(read_ranges(files_, std::span(&job, 1), 3, {progress, {}}));
    ASSERT_FALSE(reported.empty());
    EXPECT_EQ(reported.back(), large.size());
    EXPECT_TRUE(std::ranges::is_sorted(reported, std::ranges::less_equal()));
}

TEST_F(ReadRanges, StopsWhenAsked) {
    std::string large(bytes_[0].size(), ' ');
    const ReadJob job{{0, 0, large.size()}, memory_of(large)};
    std::stop_source source;
    source.request_stop();
    const auto read = read_ranges(files_, std::span(&job, 1), 2, {{}, source.get_token()});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "stopped");
}

TEST_F(ReadRanges, RefusesRangesOutsideTheFiles) {
    std::string to(10, ' ');
    EXPECT_EQ(message({{2, 0, 10}, memory_of(to)}), "read from file 2 of 2");
    const std::string end = "1: cannot read 10 bytes at 4991: it has 5000";
    EXPECT_TRUE(message({{1, 4991, 10}, memory_of(to)}).ends_with(end));
    EXPECT_NE(message({{1, ~0ull, 10}, memory_of(to)}), "read");
    EXPECT_NE(message({{1, 5001, 0}, {}}), "read");
    EXPECT_NE(message({{1, 0, 11}, memory_of(to)}), "read");
}

TEST_F(ReadRanges, Hazard038_AFileThatShrankIsAnErrorNotAHang) {
    std::string large(bytes_[0].size(), ' ');
    const ReadJob job{{0, 0, large.size()}, memory_of(large)};
    fs::resize_file(files_[0].path(), 9 * kMiB);
    const auto read = read_ranges(files_, std::span(&job, 1), 3);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("file changed"), std::string::npos) << read.error().message;
}

TEST_F(ReadRanges, Hazard039_AFileThatWasReplacedMeanwhileIsAnError) {
    std::string to(10, ' ');
    const auto replace = [&](std::uint64_t, std::uint64_t) {
        fs::rename(folder_.write("new", bytes_[1]), files_[1].path());
    };
    const ReadJob job{{1, 0, 10}, memory_of(to)};
    const auto read = read_ranges(files_, std::span(&job, 1), 1, {replace, {}});
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("replaced"), std::string::npos) << read.error().message;
}

// Odd places and sizes, from a file system in memory where there is one.
TEST(ReadRangesAnywhere, Hazard040_NeedNoDirectReads) {
    const fs::path memory = "/dev/shm";
    std::error_code ignored;
    const fs::path folder = fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
    std::string name = (folder / "greenroom-test-XXXXXX").string();
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) GTEST_SKIP() << "no temporary file in " << folder;
    const std::string bytes = random_bytes(10'001, 4);
    const bool written = ::write(descriptor, bytes.data(), bytes.size()) == 10'001;
    ::close(descriptor);
    std::vector<File> files;
    if (auto file = File::open(name)) files.push_back(std::move(*file));
    fs::remove(name);
    ASSERT_TRUE(written && files.size() == 1);
    std::string to(9'997, ' ');
    const ReadJob job{{0, 3, to.size()}, memory_of(to)};
    const auto read = read_ranges(files, std::span(&job, 1), 2);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to, bytes.substr(3, 9'997));
}

}  // namespace
}  // namespace greenroom::io
