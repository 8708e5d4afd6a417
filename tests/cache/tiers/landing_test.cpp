#include "cache/tiers/landing.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace greenroom::cache {
namespace {

TEST(Landing, IsSettledUntilSomethingIsExpected) {
    Landing landing;
    EXPECT_TRUE(landing.settled());
    EXPECT_TRUE(landing.wait());
    landing.expect();
    EXPECT_FALSE(landing.settled());
}

TEST(Landing, WaitsUntilTheBytesAreThere) {
    Landing landing;
    landing.expect();
    const std::jthread other([&] { landing.land(); });
    EXPECT_TRUE(landing.wait());
}

TEST(Landing, SaysWhyTheyWillNotCome) {
    Landing landing;
    landing.expect();
    const std::jthread other([&] { landing.fail({"the disk is gone"}); });
    const auto result = landing.wait();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "the disk is gone");
    landing.expect();
    landing.land();
    EXPECT_TRUE(landing.wait());
}

TEST(Landing, Hazard097_LosesItsMemoryUntilTheNextTenant) {
    Landing landing;
    landing.expect();
    landing.lose({"no answer"});
    EXPECT_FALSE(landing.wait());
    EXPECT_TRUE(landing.memory_lost());
    landing.expect();
    landing.land();
    EXPECT_FALSE(landing.memory_lost());
}

}  // namespace
}  // namespace greenroom::cache
