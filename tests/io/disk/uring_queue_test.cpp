#include "io/disk/uring_queue.hpp"

#include <gtest/gtest.h>

#include "tests/support/queue_checks.hpp"

#define GREENROOM_NEED_URING(queue, depth)                           \
    auto queue##_made = UringQueue::create(depth);                   \
    if (!queue##_made) GTEST_SKIP() << queue##_made.error().message; \
    UringQueue& queue = **queue##_made

namespace greenroom::io {
namespace {

TEST(UringQueue, ReadsByPosition) {
    GREENROOM_NEED_URING(queue, 4);
    tests::expect_reads_by_position(queue);
}

TEST(UringQueue, TakesNoMoreThanItsDepth) {
    GREENROOM_NEED_URING(queue, 3);
    tests::expect_takes_no_more_than_its_depth(queue);
}

TEST(UringQueue, WakesTheOneWhoWaits) {
    GREENROOM_NEED_URING(queue, 1);
    tests::expect_wakes(queue);
}

TEST(UringQueue, ReadsIntoRegisteredMemoryAndElsewhere) {
    GREENROOM_NEED_URING(queue, 2);
    std::vector<std::byte> region(8192), elsewhere(3);
    const std::span<std::byte> regions[] = {region};
    if (const auto ok = queue.register_memory(regions); !ok) GTEST_SKIP() << ok.error().message;
    const tests::TemporaryFolder folder;
    const auto file = File::open(folder.write("file", "abcdef"));
    ASSERT_TRUE(file);
    const DiskRead reads[] = {{1, file->descriptor(), 0, std::span(region).subspan(5000, 3)},
                              {2, file->descriptor(), 3, elsewhere}};
    ASSERT_EQ(queue.submit(reads), 2u);
    EXPECT_EQ(tests::complete(queue, 2), (std::map<std::uint64_t, std::int64_t>{{1, 3}, {2, 3}}));
    EXPECT_EQ(region[5000], std::byte{'a'});
    EXPECT_EQ(elsewhere[0], std::byte{'d'});
}

TEST(UringQueue, Hazard096_ARefusalIsAnErrorNotACrash) {
    const auto queue = UringQueue::create(1 << 20);  // more than the kernel gives
    ASSERT_FALSE(queue);
    EXPECT_EQ(queue.error().message, "io_uring: Invalid argument");
}

}  // namespace
}  // namespace greenroom::io
