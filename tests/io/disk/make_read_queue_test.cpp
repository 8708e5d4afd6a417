#include "io/disk/make_read_queue.hpp"

#include <gtest/gtest.h>

namespace greenroom::io {
namespace {

TEST(MakeReadQueue, ThreadsAreAlwaysToBeHad) {
    const auto made = make_read_queue(QueueKind::pread, 3);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->queue->name(), "pread");
    EXPECT_EQ(made->queue->depth(), 3u);
    EXPECT_EQ(made->notice, "");
}

TEST(MakeReadQueue, Hazard096_SaysWhyItFellBack) {
    const auto made = make_read_queue(QueueKind::automatic, 4);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->queue->name() == "pread", !made->notice.empty()) << made->notice;
}

TEST(MakeReadQueue, InsistingOnIoUringCanFail) {
    const auto made = make_read_queue(QueueKind::uring, 1 << 20);  // more than the kernel gives
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "io_uring: Invalid argument");
}

}  // namespace
}  // namespace greenroom::io
