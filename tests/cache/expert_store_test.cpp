#include "cache/expert_store.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

TEST(ResidentExperts, RefuseAKeyThatTheModelDoesNotHave) {
    ResidentExperts store({{kernels::ExpertWeights{}}});
    EXPECT_TRUE(store.acquire({0, 0}).ok());
    EXPECT_EQ(store.acquire({0, 1}).error().message,
              "expert 1 of layer 0: the model has no such expert");
    EXPECT_FALSE(store.acquire({1, 0}).ok());
}

TEST(ResidentExperts, AreComputedWhereTheyLieInTheOrderAskedFor) {
    ResidentExperts store({{kernels::ExpertWeights{}, kernels::ExpertWeights{}}});
    const io::ExpertKey keys[] = {{0, 1}, {0, 0}};
    const auto stages = store.announce(keys);
    ASSERT_TRUE(stages);
    EXPECT_TRUE(stages->device.empty());
    EXPECT_TRUE(std::ranges::equal(stages->cpu, keys));
}

}  // namespace
}  // namespace greenroom::cache
