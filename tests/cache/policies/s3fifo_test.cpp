#include "cache/policies/s3fifo.hpp"

#include <gtest/gtest.h>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0}, kD{1, 1};

TEST(S3FifoPolicy, PassesNewcomersThatWereUsedAgain) {
    S3FifoPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({}), kA);
    policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kB);
}

TEST(S3FifoPolicy, GivesUpNewcomersBeforeTheMainQueue) {
    S3FifoPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) policy.on_admit(key);
    policy.on_use(kA);
    policy.on_evict(kB);  // on the way A moved to the main queue
    EXPECT_EQ(policy.victim({}), kC);
}

TEST(S3FifoPolicy, WhatComesBackEntersTheMainQueue) {
    S3FifoPolicy policy;
    policy.on_admit(kA);
    policy.on_use(kA);
    policy.on_admit(kB);
    policy.on_evict(kB);
    for (const io::ExpertKey key : {kB, kC}) policy.on_admit(key);
    EXPECT_EQ(policy.victim({}), kC);
}

// Rounds of the paper's clock over A with two uses and B with one: A passes, B passes, A passes,
// and B has none left. A then has none either.
TEST(S3FifoPolicy, UsesBuyRoundsInTheMainQueue) {
    S3FifoPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kC}) policy.on_admit(key);
    for (const io::ExpertKey key : {kA, kB}) policy.on_use(key);
    policy.on_evict(kC);  // A and B moved to the main queue
    for (const io::ExpertKey key : {kA, kA, kB}) policy.on_use(key);
    EXPECT_EQ(policy.victim({}), kB);
    policy.on_evict(kB);
    policy.on_admit(kC);  // back in the main queue, behind A
    EXPECT_EQ(policy.victim({}), kA);
}

TEST(S3FifoPolicy, CountsThreeUsesAtMost) {
    S3FifoPolicy policy;
    for (const io::ExpertKey key : {kA, kB, kD}) policy.on_admit(key);
    for (const io::ExpertKey key : {kA, kB}) policy.on_use(key);
    policy.on_evict(kD);
    for (int i = 0; i < 3; ++i) policy.on_use(kB);
    for (int i = 0; i < 100; ++i) policy.on_use(kA);
    EXPECT_EQ(policy.victim({}), kA);  // as many as B, and older
}

}  // namespace
}  // namespace greenroom::cache
