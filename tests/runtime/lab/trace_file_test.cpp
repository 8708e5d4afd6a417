#include "runtime/lab/trace_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

io::Result<Trace> read(std::string_view bytes) {
    return read_trace_bytes(io::MemorySource("t", std::as_bytes(std::span(bytes))));
}

std::string message(std::string_view bytes) {
    const auto trace = read(bytes);
    return trace ? "" : trace.error().message;
}

TEST(TraceFile, HoldsEverythingThatATraceHas) {
    const Trace written = tests::full_toy_trace();
    const auto trace = read(trace_bytes(written));
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_EQ(trace->model, "toy");
    EXPECT_EQ(trace->experts_per_token, 2);
    EXPECT_EQ(trace->dense_bytes, 100u);
    EXPECT_EQ(trace->expert_bytes, written.expert_bytes);
    EXPECT_EQ(trace->experts, written.experts);
    EXPECT_EQ(trace->weights, written.weights);
    EXPECT_EQ(trace->outcomes, written.outcomes);
    EXPECT_EQ(trace->tokens, written.tokens);
    EXPECT_EQ(trace->guess_experts, written.guess_experts);
    EXPECT_EQ(trace_bytes(*trace), trace_bytes(written));
}

TEST(TraceFile, WithoutOutcomesTokensAndGuessesItIsSmaller) {
    const std::string bytes = trace_bytes(tests::toy_trace());
    EXPECT_LT(bytes.size(), 64 + 3 * 8 + 40 + 15 * 20 + 30 * 6 + 32);
    const auto trace = read(bytes);
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_TRUE(trace->outcomes.empty());
    EXPECT_TRUE(trace->tokens.empty());
}

TEST(TraceFile, HalfWidthWeightsAreRoundedAndSmaller) {
    Trace written = tests::full_toy_trace();
    written.weights[0] = 0.3F;
    const std::string half = trace_bytes(written, TraceFloats::f16);
    EXPECT_EQ(trace_bytes(written).size() - half.size(), 2 * (30 + 30));
    const auto trace = read(half);
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_NEAR(trace->weights[0], 0.3F, 0.3F * 0x1p-11F);  // half a unit in the last place
    EXPECT_EQ(trace->weights[1], 0.25F);
}

TEST(TraceFile, Hazard167_EveryCutIsNamed) {
    const std::string whole = trace_bytes(tests::full_toy_trace());
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const auto trace = read(whole.substr(0, n));
        ASSERT_FALSE(trace) << n;
        EXPECT_TRUE(trace.error().message.starts_with("t: "));
    }
    EXPECT_EQ(message(whole + "x"), "t: 1 bytes behind the end");
}

TEST(TraceFile, Hazard167_EveryByteMayBeWrong) {
    const std::string whole = trace_bytes(tests::full_toy_trace());
    for (std::size_t n = 0; n < whole.size(); ++n) {
        for (const char wrong : {'\0', '\x7f', '\xff'}) {
            std::string bytes = whole;
            bytes[n] = wrong;
            const auto trace = read(bytes);
            if (trace) {
                EXPECT_TRUE(check_trace(*trace)) << n;
            } else {
                EXPECT_TRUE(trace.error().message.starts_with("t: ")) << n;
            }
        }
    }
}

TEST(TraceFile, Hazard167_VersionsAndKindsThatAreNotKnownAreRefused) {
    std::string bytes = trace_bytes(tests::toy_trace());
    bytes[8] = 2;
    EXPECT_EQ(message(bytes), "t: version 2; this program reads 1");
    bytes[0] = 'G';
    EXPECT_EQ(message(bytes), "t: not a trace of this program");
}

TEST(TraceFile, Hazard167_CountsAreComparedWithTheBytesLeft) {
    std::string bytes = trace_bytes(tests::toy_trace());
    const std::size_t counts = 8 + 4 * 4 + 8 + 3 + 8 + 4 + 3 * 8;
    ASSERT_EQ(bytes[counts], 15);
    bytes[counts + 7] = 0x40;
    EXPECT_NE(message(bytes).find("events: 4611686018427387919 of 20 bytes each"),
              std::string::npos)
        << message(bytes);
}

}  // namespace
}  // namespace greenroom::runtime
