#include "runtime/lab/routing_jsonl.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

TEST(RoutingJsonl, ReadsRowsWithoutSizes) {
    const auto trace = parse_routing_jsonl(
        R"({"dataset":"d","problem_id":1,"layer":1,"experts":[6,5],"gating_probs":[0.75,0.25],"token_idx":3}
{"dataset":"d","problem_id":1,"layer":0,"experts":[2,1],"gating_probs":[0.5,0.5],"token_idx":3}
)",
        "t");
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_TRUE(check_trace(*trace));
    EXPECT_EQ(trace->experts, (std::vector<std::uint16_t>{2, 1, 6, 5}));
    EXPECT_EQ(trace->n_experts, 7);
    EXPECT_EQ(trace->expert_bytes, std::vector<std::uint64_t>(14, 1));
}

TEST(RoutingJsonl, WritesWhatItReads) {
    const Trace trace = tests::toy_trace();
    const auto again = parse_routing_jsonl(routing_jsonl(trace), "t");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->experts, trace.experts);
    EXPECT_EQ(again->weights, trace.weights);
    EXPECT_EQ(again->events.size(), trace.events.size());
}

TEST(RoutingJsonl, Hazard167_WrongLinesAreNamed) {
    for (const char* line :
         {"{",
          "[1]",
          "{}",
          R"({"problem_id":0,"layer":0,"experts":[1],"gating_probs":[],"token_idx":0})",
          R"({"problem_id":0,"layer":9999,"experts":[1],"gating_probs":[1],"token_idx":0})",
          R"({"problem_id":0,"layer":0,"experts":[-1],"gating_probs":[1],"token_idx":0})",
          R"({"problem_id":0,"layer":0,"experts":[1],"gating_probs":["x"],"token_idx":0})"}) {
        const auto trace = parse_routing_jsonl(std::string(line) + "\n", "t");
        ASSERT_FALSE(trace) << line;
        EXPECT_TRUE(trace.error().message.starts_with("t:1: ")) << trace.error().message;
    }
    EXPECT_EQ(parse_routing_jsonl("", "t").error().message, "t: no rows");
}

}  // namespace
}  // namespace greenroom::runtime
