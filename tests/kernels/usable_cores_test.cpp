#include <gtest/gtest.h>
#include <sched.h>
#include <thread>

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {
namespace {

TEST(UsableCores, AreAtLeastOneAndNoMoreThanTheProcessors) {
    EXPECT_GE(usable_cores(), 1);
    EXPECT_LE(usable_cores(), static_cast<int>(std::thread::hardware_concurrency()));
}

TEST(UsableCores, FollowTheAffinityMask) {
    int cores = 0;
    std::thread([&] {  // the mask belongs to the thread
        cpu_set_t all, one;
        ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
        int first = 0;
        while (!CPU_ISSET(first, &all)) ++first;
        CPU_ZERO(&one);
        CPU_SET(first, &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        cores = usable_cores();
    })
        .join();
    EXPECT_EQ(cores, 1);
}

}  // namespace
}  // namespace greenroom::kernels
