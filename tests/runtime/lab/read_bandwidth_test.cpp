#include "runtime/lab/read_bandwidth.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(ReadBandwidth, IsAPositiveNumber) {
    kernels::ThreadPool pool(2);
    const auto bandwidth = read_bandwidth(pool, std::size_t{4} << 20, 2);
    ASSERT_TRUE(bandwidth);
    EXPECT_GT(*bandwidth, 0);
}

TEST(ReadBandwidth, MemoryThatTheSystemRefusesIsNoAnswer) {
    kernels::ThreadPool pool(1);
    EXPECT_FALSE(read_bandwidth(pool, std::size_t{1} << 60, 1));
    EXPECT_FALSE(read_bandwidth(pool, 0, 1));
}

TEST(ReadBandwidth, TakesAQuarterOfTheMemoryAtMost) {
    EXPECT_GT(bandwidth_buffer_bytes(), 0u);
    EXPECT_LE(bandwidth_buffer_bytes(), std::size_t{1} << 30);
}

}  // namespace
}  // namespace greenroom::runtime
