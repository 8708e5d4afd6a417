#include "runtime/lab/read_trace.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

TEST(ReadTrace, KnowsFormatsByTheirBeginning) {
    const tests::TemporaryFolder folder;
    for (const std::string_view format : trace_formats()) {
        const auto text = trace_text(tests::toy_trace(), format);
        ASSERT_TRUE(text);
        EXPECT_EQ(trace_format_of(*text), format);
        const auto trace = read_trace(folder.write("t", *text));
        ASSERT_TRUE(trace) << format << ": " << trace.error().message;
        EXPECT_EQ(trace->experts, tests::toy_trace().experts) << format;
    }
    EXPECT_EQ(trace_text(tests::toy_trace(), "csv").error().message,
              "trace format 'csv' is not known; there are: greenroom, bigmoe-csv, "
              "speculative-jsonl");
}

TEST(ReadTrace, Hazard167_OtherFilesAreRefusedByName) {
    const tests::TemporaryFolder folder;
    for (const char* bytes : {"", "GGUF\3", "greentr", "turn,phase\n", "<html>"}) {
        const auto path = folder.write("other", bytes);
        const auto trace = read_trace(path);
        ASSERT_FALSE(trace) << bytes;
        EXPECT_EQ(trace.error().message, path.string() + ": not a known trace format");
    }
    EXPECT_FALSE(read_trace(folder.path()));
    EXPECT_FALSE(read_trace(folder.path() / "absent"));
}

TEST(ReadTrace, Hazard167_ValuesOutOfRangeAreRefusedInTextsToo) {
    const tests::TemporaryFolder folder;
    const auto trace = read_trace(
        folder.write("t", "# route_trace v1\n# layer=0 expert_bytes=1\n0,1,0,0,0,0,nan,0,1\n"));
    ASSERT_FALSE(trace);
    EXPECT_NE(trace.error().message.find("weight nan"), std::string::npos);
}

TEST(ReadTrace, ReadsWhatOthersRecorded) {
    GREENROOM_NEED_SHARED(csv, "routing/bigmoe-qwen.route.csv");
    GREENROOM_NEED_SHARED(jsonl, "routing/mixtral-gsm8k.jsonl");
    const auto qwen = read_trace(csv), mixtral = read_trace(jsonl);
    ASSERT_TRUE(qwen) << qwen.error().message;
    ASSERT_TRUE(mixtral) << mixtral.error().message;
    EXPECT_EQ(qwen->n_layers, 48);
    EXPECT_EQ(qwen->n_experts, 128);
    EXPECT_EQ(mixtral->n_experts, 8);
}

}  // namespace
}  // namespace greenroom::runtime
