#include "cache/expert_store.hpp"

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

}  // namespace
}  // namespace greenroom::cache
