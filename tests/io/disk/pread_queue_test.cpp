#include "io/disk/pread_queue.hpp"

#include <gtest/gtest.h>

#include "tests/support/queue_checks.hpp"

namespace greenroom::io {
namespace {

TEST(PreadQueue, ReadsByPosition) {
    PreadQueue queue(4);
    tests::expect_reads_by_position(queue);
}

TEST(PreadQueue, TakesNoMoreThanItsDepth) {
    PreadQueue queue(3);
    tests::expect_takes_no_more_than_its_depth(queue);
}

TEST(PreadQueue, WakesTheOneWhoWaits) {
    PreadQueue queue(1);
    tests::expect_wakes(queue);
}

}  // namespace
}  // namespace greenroom::io
