// What every ReadQueue that reads real files has to do.
#pragma once

#include <algorithm>
#include <cerrno>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "io/disk/read_queue.hpp"
#include "io/file.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {

// Waits until `n` reads have completed; results by id.
inline std::map<std::uint64_t, std::int64_t> complete(io::ReadQueue& queue, std::size_t n) {
    std::map<std::uint64_t, std::int64_t> results;
    std::vector<io::DiskReadDone> done(3);
    while (results.size() < n) {
        const std::size_t got = queue.wait(done, std::chrono::seconds(10));
        for (std::size_t i = 0; i < got; ++i) results[done[i].id] = done[i].result;
    }
    return results;
}

inline void expect_reads_by_position(io::ReadQueue& queue) {
    const TemporaryFolder folder;
    const std::string text = "0123456789abcdefghij";
    const auto file = io::File::open(folder.write("file", text));
    ASSERT_TRUE(file);
    std::vector<std::byte> first(10), last(10), past(5);
    const io::DiskRead reads[] = {{1, file->descriptor(), 0, first},
                                  {2, file->descriptor(), 15, last},
                                  {3, file->descriptor(), 100, past},
                                  {4, -1, 0, past}};
    ASSERT_EQ(queue.submit(reads), 4u);
    const std::map<std::uint64_t, std::int64_t> expected = {{1, 10}, {2, 5}, {3, 0}, {4, -EBADF}};
    EXPECT_EQ(complete(queue, 4), expected);
    EXPECT_EQ(std::string(reinterpret_cast<char*>(first.data()), 10), text.substr(0, 10));
    EXPECT_EQ(std::string(reinterpret_cast<char*>(last.data()), 5), text.substr(15));
}

inline void expect_takes_no_more_than_its_depth(io::ReadQueue& queue) {
    const TemporaryFolder folder;
    const auto file = io::File::open(folder.write("file", "x"));
    ASSERT_TRUE(file);
    std::vector<std::byte> bytes(queue.depth() + 3);
    std::vector<io::DiskRead> reads;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        reads.push_back({i, file->descriptor(), 0, {&bytes[i], 1}});
    }
    EXPECT_EQ(queue.submit(reads), queue.depth());
    EXPECT_EQ(queue.submit(reads), 0u);
    EXPECT_EQ(complete(queue, queue.depth()).size(), queue.depth());
    EXPECT_EQ(queue.submit(reads), queue.depth());
    // `bytes` must not go before the last read has landed in it.
    EXPECT_EQ(complete(queue, queue.depth()).size(), queue.depth());
}

inline void expect_wakes(io::ReadQueue& queue) {
    std::vector<io::DiskReadDone> done(1);
    for (int round = 0; round < 3; ++round) {
        const std::jthread waker([&] { queue.wake(); });
        EXPECT_EQ(queue.wait(done, std::chrono::hours(1)), 0u);
    }
    EXPECT_EQ(queue.wait(done, std::chrono::milliseconds(1)), 0u);
}

}  // namespace greenroom::tests
