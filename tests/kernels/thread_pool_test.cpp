#include "kernels/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace greenroom::kernels {
namespace {

class EveryPoolSize : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(ThreadPool, EveryPoolSize, testing::Values(1, 2, 3, 8));

TEST_P(EveryPoolSize, CoversEachItemOnce) {
    ThreadPool pool(GetParam());
    for (const std::int64_t n : {0, 1, 2, 15, 16, 17, 1000, 4097}) {
        for (const std::int64_t grain : {1, 16, 5000}) {
            std::vector<int> visits(static_cast<std::size_t>(n), 0);
            pool.parallel_for(n, grain, [&](std::int64_t begin, std::int64_t end, int) {
                for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
            });
            EXPECT_EQ(std::count(visits.begin(), visits.end(), 1), n) << n << " by " << grain;
        }
    }
}

TEST_P(EveryPoolSize, CutsAtMultiplesOfTheGrain) {
    ThreadPool pool(GetParam());
    std::atomic<int> bad = 0;
    pool.parallel_for(1000, 16, [&](std::int64_t begin, std::int64_t end, int thread) {
        if (begin % 16 != 0 || (end % 16 != 0 && end != 1000) || begin >= end) ++bad;
        if (thread < 0 || thread >= pool.size()) ++bad;
    });
    EXPECT_EQ(bad, 0);
}

// Short jobs back to back: a thread that is late for one must not touch the next.
TEST_P(EveryPoolSize, RunsManyShortJobsInOrder) {
    ThreadPool pool(GetParam());
    std::vector<std::int64_t> values(64, 0);
    constexpr std::int64_t kJobs = 20000;
    for (std::int64_t job = 0; job < kJobs; ++job) {
        const std::int64_t n = 1 + job % 64;
        pool.parallel_for(n, 1, [&values, job](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t i = begin; i < end; ++i) {
                values[static_cast<std::size_t>(i)] += job;
            }
        });
    }
    std::vector<std::int64_t> expected(64, 0);
    for (std::int64_t job = 0; job < kJobs; ++job) {
        for (std::int64_t i = 0; i <= job % 64; ++i) expected[static_cast<std::size_t>(i)] += job;
    }
    EXPECT_EQ(values, expected);
}

TEST(ThreadPool, GivesEachThreadItsOwnScratch) {
    ThreadPool pool(4);
    std::atomic<int> bad = 0;
    pool.parallel_for(1000, 1, [&](std::int64_t begin, std::int64_t end, int thread) {
        const auto bytes = static_cast<std::size_t>(64 + end - begin);
        std::byte* own = pool.scratch(thread, bytes);
        if (reinterpret_cast<std::uintptr_t>(own) % 64 != 0) ++bad;
        std::memset(own, thread, bytes);
        for (std::size_t i = 0; i < bytes; ++i) {
            if (own[i] != static_cast<std::byte>(thread)) ++bad;
        }
    });
    EXPECT_EQ(bad, 0);
}

TEST(ThreadPool, StartsAndEndsWithoutWork) {
    for (int i = 0; i < 20; ++i) ThreadPool pool(4);
}

TEST(ThreadPool, CarriesThePath) {
    for (const CpuPath path : available_cpu_paths()) EXPECT_EQ(ThreadPool(1, path).path(), path);
}

}  // namespace
}  // namespace greenroom::kernels
