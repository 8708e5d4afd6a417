#include "runtime/model/latency.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(Latency, IsTheTimeThatSoManyOfAHundredStayWithin) {
    std::vector<double> seconds;
    for (int i = 100; i > 0; --i) seconds.push_back(i);
    const auto latency = latency_of(seconds);
    ASSERT_TRUE(latency);
    EXPECT_EQ(latency->p50_s, 50);
    EXPECT_EQ(latency->p95_s, 95);
    EXPECT_EQ(latency->p99_s, 99);
}

TEST(Latency, OfFewTokensIsATimeThatOneOfThemTook) {
    const auto latency = latency_of({3, 1, 2});
    EXPECT_EQ(latency->p50_s, 2);
    EXPECT_EQ(latency->p99_s, 3);
    EXPECT_EQ(latency_of({7})->p50_s, 7);
}

TEST(Latency, OfNothingIsUnknown) {
    EXPECT_FALSE(latency_of({}));
}

}  // namespace
}  // namespace greenroom::runtime
