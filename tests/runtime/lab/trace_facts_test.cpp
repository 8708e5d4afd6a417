#include "runtime/lab/trace_facts.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

TEST(TraceFacts, CountsTheToyTrace) {
    const TraceFacts facts = trace_facts(tests::toy_trace());
    EXPECT_EQ(facts.decode_tokens, 5u);
    EXPECT_EQ(facts.decode_events, 15u);
    EXPECT_EQ(facts.prefill_events, 0u);
    EXPECT_EQ(facts.lookups, 30u);
    EXPECT_EQ(facts.experts_used, 12u);
    EXPECT_EQ(facts.bytes_per_token, 6u);
    EXPECT_DOUBLE_EQ(facts.overlap, 0.5);  // expert 0 of 0 and another
    EXPECT_EQ(facts.hits + facts.misses, 0u);
}

TEST(TraceFacts, CountsRecordedOutcomesAndTheWorkingSet) {
    Trace trace = tests::full_toy_trace();
    trace.events[0].phase = Phase::prefill;
    const TraceFacts facts = trace_facts(trace);
    EXPECT_EQ(facts.hits, 1u);
    EXPECT_EQ(facts.misses, 29u);
    EXPECT_EQ(facts.prefill_events, 1u);
    EXPECT_EQ(facts.experts_bytes, 18u);
    EXPECT_EQ(facts.used_bytes, 18u);
}

}  // namespace
}  // namespace greenroom::runtime
