#include "runtime/lab/trace_recorder.hpp"

#include <gtest/gtest.h>

#include "runtime/lab/read_trace.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

const std::vector<std::int32_t> kPrompt = {1, 266, 267, 1994, 565};

class TraceRecordingTest : public testing::Test {
 protected:
    void SetUp() override {
        auto files =
            io::open_model_files(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
        ASSERT_TRUE(files) << files.error().message;
        auto loaded = Model::load(std::move(*files), {.context = 64, .batch = 3}, pool_);
        ASSERT_TRUE(loaded) << loaded.error().message;
        model_ = std::move(*loaded);
    }
    const tests::TemporaryFolder folder_;
    const std::filesystem::path path_ = folder_.path() / "t.trace";
    kernels::ThreadPool pool_{1};
    std::unique_ptr<Model> model_;
};

TEST_F(TraceRecordingTest, WritesStepsLayersTokensAndSizes) {
    auto recording = TraceRecording::begin(path_, *model_, "demo");
    ASSERT_TRUE(recording) << recording.error().message;
    ASSERT_TRUE(model_->forward(kPrompt, LogitRows::last));  // batches of 3 and 2
    ASSERT_TRUE(model_->forward(std::vector<std::int32_t>{282}, LogitRows::last));
    EXPECT_FALSE(std::filesystem::exists(path_));
    ASSERT_TRUE((*recording)->finish());
    const auto trace = read_trace(path_);
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_EQ(trace->model, "demo");
    ASSERT_EQ(trace->events.size(), 3u * 6);
    EXPECT_EQ(trace->tokens, (std::vector<std::int32_t>{1, 266, 267, 1994, 565, 282}));
    for (std::size_t i = 0; i < trace->events.size(); ++i) {
        const TraceEvent& event = trace->events[i];
        EXPECT_EQ(event.step, i / 6);
        EXPECT_EQ(event.layer, i % 6);
        EXPECT_EQ(event.phase, i < 12 ? Phase::prefill : Phase::decode);
        EXPECT_EQ(event.n_tokens, std::vector<std::uint32_t>({3, 2, 1})[i / 6]);
        EXPECT_EQ(event.first_token, std::vector<std::uint32_t>({0, 3, 5})[i / 6]);
        EXPECT_EQ(event.n_rows, 2 * event.n_tokens);
    }
    for (const TraceOutcome outcome : trace->outcomes) EXPECT_EQ(outcome, TraceOutcome::hit);
    EXPECT_GE(trace->expert_bytes[0], 221184u);
    EXPECT_GT(trace->dense_bytes, 0u);
}

TEST_F(TraceRecordingTest, LeavesNoFileWithoutAFinish) {
    {
        auto recording = TraceRecording::begin(path_, *model_, "demo");
        ASSERT_TRUE(recording);
        ASSERT_TRUE(model_->forward(kPrompt, LogitRows::last));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
    ASSERT_TRUE(model_->forward(kPrompt, LogitRows::last));  // and nobody is told any more
}

TEST_F(TraceRecordingTest, SaysWhatCannotBeRecorded) {
    EXPECT_FALSE(TraceRecording::begin(folder_.path() / "no" / "t", *model_, "demo"));
    auto recording = TraceRecording::begin(path_, *model_, "demo");
    ASSERT_TRUE(recording);
    EXPECT_EQ((*recording)->finish().error().message,
              "no token was read, so no trace was recorded");
}

}  // namespace
}  // namespace greenroom::runtime
