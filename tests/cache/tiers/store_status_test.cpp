#include "cache/tiers/store_status.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

StoreStatus status(std::uint64_t n) {
    StoreStatus out;
    out.host = {.hits = n, .misses = 2 * n, .hit_bytes = 3 * n, .miss_bytes = 4 * n};
    out.device = TierCounters{.hits = 5 * n, .evictions = 6 * n};
    out.cpu_experts = n;
    out.disk.counters = {.bytes_read = 7 * n, .reads = n, .retries = n};
    out.link_bytes = 8 * n;
    const auto seconds = static_cast<double>(n);
    out.stalls = {.disk_s = seconds, .link_s = 2 * seconds, .policy_s = 3 * seconds};
    out.guesses.issued = 9 * n;
    out.guesses.wasted_bytes = n;
    out.host_bytes = {.budget = 100, .used = n, .peak = 2 * n};
    return out;
}

void expect_counts(const StoreStatus& actual, const StoreStatus& expected) {
    EXPECT_EQ(actual.host.hits, expected.host.hits);
    EXPECT_EQ(actual.host.misses, expected.host.misses);
    EXPECT_EQ(actual.host.hit_bytes, expected.host.hit_bytes);
    EXPECT_EQ(actual.host.miss_bytes, expected.host.miss_bytes);
    EXPECT_EQ(actual.device->hits, expected.device->hits);
    EXPECT_EQ(actual.device->evictions, expected.device->evictions);
    EXPECT_EQ(actual.cpu_experts, expected.cpu_experts);
    EXPECT_EQ(actual.disk.counters.bytes_read, expected.disk.counters.bytes_read);
    EXPECT_EQ(actual.disk.counters.retries, expected.disk.counters.retries);
    EXPECT_EQ(actual.link_bytes, expected.link_bytes);
    EXPECT_EQ(actual.stalls.total_s(), expected.stalls.total_s());
    EXPECT_EQ(actual.guesses.issued, expected.guesses.issued);
    EXPECT_EQ(actual.guesses.wasted_bytes, expected.guesses.wasted_bytes);
}

TEST(StoreStatus, CountsOfAStretchAreDifferencesAndBytesInSlotsAreThoseOfNow) {
    const StoreStatus stretch = since(status(3), status(10));
    expect_counts(stretch, status(7));
    EXPECT_EQ(stretch.host_bytes.used, 10u);
    EXPECT_EQ(stretch.host_bytes.budget, 100u);
}

TEST(StoreStatus, TwoStretchesAddUp) {
    expect_counts(sum(status(3), status(4)), status(7));
}

TEST(StoreStatus, WithoutADeviceThereIsNoneInAStretch) {
    EXPECT_FALSE(since({}, {}).device);
    EXPECT_EQ(since({}, {}).stalls.total_s(), 0);
}

}  // namespace
}  // namespace greenroom::cache
