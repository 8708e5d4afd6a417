#include "runtime/lab/route_csv.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

const std::string kHead =
    "# route_trace v1\n"
    "# model=m.gguf arch=a n_layer=2 n_expert=8 n_expert_used=2\n"
    "# layer=0 expert_bytes=100 dense_bytes=7\n"
    "# layer=1 expert_bytes=200 dense_bytes=8\n"
    "turn,phase,step,layer,slot,expert,weight,residency,expert_bytes\n";

TEST(RouteCsv, ReadsDimensionsSizesAndRows) {
    const auto trace = parse_route_csv(
        kHead + "0,1,4,0,0,3,0.75,0,100\n0,1,4,0,1,5,0.25,1,100\n0,1,4,1,0,7,1,0,200\n", "t");
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_TRUE(check_trace(*trace));
    EXPECT_EQ(trace->model, "m.gguf");
    EXPECT_EQ(trace->n_layers, 2);
    EXPECT_EQ(trace->n_experts, 8);
    EXPECT_EQ(trace->dense_bytes, 15u);
    EXPECT_EQ(*trace->expert_sizes().find({1, 6}), 200u);
    ASSERT_EQ(trace->events.size(), 2u);
    EXPECT_EQ(trace->experts_of(trace->events[0])[1], 5);
    EXPECT_EQ(trace->weights[0], 0.75F);
}

TEST(RouteCsv, WritesWhatItReads) {
    Trace trace = tests::toy_trace();
    trace.events[0].phase = trace.events[1].phase = trace.events[2].phase = Phase::prefill;
    // A second prompt, in two batches.
    for (std::size_t i = 6; i < 12; ++i) trace.events[i].phase = Phase::prefill;
    const auto again = parse_route_csv(route_csv(trace), "t");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->experts, trace.experts);
    EXPECT_EQ(again->weights, trace.weights);
    ASSERT_EQ(again->events.size(), trace.events.size());
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        EXPECT_EQ(again->events[i].phase, trace.events[i].phase) << i;
        EXPECT_EQ(again->events[i].layer, trace.events[i].layer) << i;
    }
    EXPECT_EQ(route_csv(*again), route_csv(trace));
}

TEST(RouteCsv, Hazard167_WrongRowsAreNamedWithTheirLine) {
    for (const char* row : {"0,2,4,0,0,3,0.75,0,100",
                            "0,1,4,4096,0,3,0.75,0,100",
                            "0,1,4,0,0,65535,0.75,0,100",
                            "0,1,4,0,0,-3,0.75,0,100",
                            "0,1,4,0,0,3,heavy,0,100",
                            "0,1"}) {
        const auto trace = parse_route_csv(kHead + row + "\n", "t");
        ASSERT_FALSE(trace) << row;
        EXPECT_TRUE(trace.error().message.starts_with("t:6: not a row")) << trace.error().message;
    }
}

TEST(RouteCsv, Hazard167_SizesThatAreMissingOrAbsurdAreRefused) {
    EXPECT_EQ(parse_route_csv("# route_trace v1\n0,1,0,0,0,0,1,0,1\n", "t").error().message,
              "t: expert_bytes are stated for 0 layers, rows name 1");
    EXPECT_EQ(parse_route_csv(kHead, "t").error().message, "t: no rows");
    const auto many = parse_route_csv(
        "# route_trace v1\n# model=m n_layer=4096 n_expert=65535\n# layer=4095 expert_bytes=1\n"
        "0,1,0,0,0,0,1,0,1\n",
        "t");
    ASSERT_FALSE(many);
    EXPECT_NE(many.error().message.find("65535 experts in each of 4096 layers"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
