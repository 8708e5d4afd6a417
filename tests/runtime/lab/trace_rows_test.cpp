#include "runtime/lab/trace_rows.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(BuildEvents, PutsRowsInTheOrderInWhichAModelMakesThem) {
    const auto prefill = Phase::prefill, decode = Phase::decode;
    std::vector<TraceRow> rows = {
        {.step = 2, .phase = decode, .layer = 1, .expert = 5},
        {.step = 1, .phase = prefill, .layer = 0, .expert = 1},
        {.step = 2, .phase = decode, .layer = 0, .expert = 4},
        {.step = 0, .phase = prefill, .layer = 1, .expert = 2},
        {.step = 0, .phase = prefill, .layer = 0, .expert = 0},
        {.step = 1, .phase = prefill, .layer = 1, .expert = 3},
    };
    Trace trace;
    build_events(rows, trace);
    EXPECT_EQ(trace.experts, (std::vector<std::uint16_t>{0, 1, 2, 3, 4, 5}));
    ASSERT_EQ(trace.events.size(), 4u);
    EXPECT_EQ(trace.events[0].n_rows, 2u);  // both tokens of the prompt go through layer 0 together
    EXPECT_EQ(trace.events[2].n_rows, 1u);
    EXPECT_EQ(trace.events[2].layer, 0);
    EXPECT_EQ(trace.n_layers, 2);
    EXPECT_EQ(trace.n_experts, 6);
}

TEST(TextLines, CountsLinesOfBothKinds) {
    TextLines lines("a\r\n\nb", "file");
    EXPECT_EQ(lines.next(), "a");
    EXPECT_EQ(lines.next(), "");
    EXPECT_EQ(lines.next(), "b");
    EXPECT_EQ(lines.error("wrong", "b\x1b").message, "file:3: wrong: 'b\\x1b'");
    EXPECT_EQ(lines.next(), std::nullopt);
}

}  // namespace
}  // namespace greenroom::runtime
