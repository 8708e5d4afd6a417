#include <gtest/gtest.h>

#include "runtime/lab/read_trace.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd trace(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "trace");
    return run_program(std::move(flags));
}

class TraceCommand : public testing::Test {
 protected:
    const TemporaryFolder folder_;
    const std::string toy_ = folder_.write("toy", runtime::trace_bytes(full_toy_trace()));
};

TEST_F(TraceCommand, RecordsWhatTheDemoModelRoutes) {
    const auto file = folder_.path() / "demo.trace";
    const ProgramEnd end = trace({"record",
                                  "-p",
                                  "Hello",
                                  "-n",
                                  "8",
                                  "--ignore-eos",
                                  "--temp",
                                  "0",
                                  "--set",
                                  "host.expert_budget=3MiB",
                                  "--predictions",
                                  "2",
                                  "-o",
                                  file});
    ASSERT_EQ(end.code, 0) << end.err;
    const io::Json info = trace({"info", file, "--json"}).json();
    EXPECT_EQ(info["layers"], 6);
    EXPECT_EQ(info["experts"], 8);
    EXPECT_EQ(info["experts_per_token"], 2);
    EXPECT_EQ(info["decode_tokens"], 7);  // the last of the eight is not read again
    EXPECT_GT(info["recorded"]["misses"], 0);
    EXPECT_GT(info["bytes_per_token"], 2 * 4 * 221184);
    EXPECT_EQ(trace({"validate", file}).code, 0);
    // A prompt of one event for each layer, then seven tokens; of six layers the last is not behind
    // any, and the last but one only behind one.
    EXPECT_EQ(info["predictions"], 8 * (4 * 2 + 1));
    EXPECT_EQ(info["predicted_layers_ahead"], 2);
    EXPECT_NE(trace({"info", file}).out.find("72 predictions, up to 2 layers ahead"),
              std::string::npos);
}

TEST_F(TraceCommand, RecordedPredictionsAreReplayedWithoutTheModel) {
    const auto file = folder_.path() / "demo.trace";
    const auto record = [&](const char* layers) {
        return trace({"record",
                      "-p",
                      "Hello",
                      "-n",
                      "8",
                      "--ignore-eos",
                      "--temp",
                      "0",
                      "--predictions",
                      layers,
                      "-o",
                      file})
            .code;
    };
    const auto replay = [&] {
        return run_program({"simulate",
                            file,
                            "--budget",
                            "3MiB",
                            "--hardware",
                            source_path("configs/hardware/rtx-3060-12gb.toml"),
                            "--predictor",
                            "next_gate",
                            "--json"});
    };
    ASSERT_EQ(record("1"), 0);
    const io::Json row = replay().json();
    EXPECT_GT(row["prediction_recall"], 0.3) << "two of eight by chance would be a quarter";
    EXPECT_GT(row["guesses_issued"], 0);
    ASSERT_EQ(record("0"), 0);
    const ProgramEnd end = replay();
    EXPECT_EQ(end.code, 1);
    EXPECT_NE(end.err.find("there are no router scores to predict from"), std::string::npos);
    EXPECT_NE(trace({"info", file}).out.find("no predictions of later layers"), std::string::npos);
}

TEST_F(TraceCommand, RunAndBenchRecordWhereASettingAsksForIt) {
    const auto file = folder_.path() / "t";
    const std::string set = "trace.file=" + file.string();
    ASSERT_EQ(run_program({"run", "-p", "Hello", "-n", "2", "--set", set}).code, 0);
    EXPECT_EQ(trace({"validate", file}).code, 0);
    ASSERT_EQ(run_program({"bench", "-p", "8", "-n", "2", "-r", "1", "--set", set}).code, 0);
    const io::Json info = trace({"info", file, "--json"}).json();
    EXPECT_GT(info["prefill_events"], 0);
    EXPECT_GT(info["decode_events"], 0);
}

TEST_F(TraceCommand, TellsPeopleWhatATraceHolds) {
    const ProgramEnd end = trace({"info", toy_});
    EXPECT_EQ(end.code, 0);
    EXPECT_TRUE(end.out.starts_with("toy\n  3 layers of 4 experts, 2 for each token")) << end.out;
    EXPECT_NE(end.out.find("1 hits, 0 guesses, 29 misses"), std::string::npos) << end.out;
}

TEST_F(TraceCommand, ConvertsBetweenAllFormats) {
    for (const std::string_view format : runtime::trace_formats()) {
        const auto out = folder_.path() / format;
        const ProgramEnd end =
            trace({"convert", toy_, "--from", "greenroom", "--to", std::string(format), "-o", out});
        ASSERT_EQ(end.code, 0) << end.err;
        EXPECT_EQ(end.err.find("no token ids") == std::string::npos, format == "greenroom");
        const auto back = folder_.path() / "back";
        ASSERT_EQ(trace({"convert", out, "-o", back, "--weights", "f16"}).code, 0);
        const auto read = runtime::read_trace(back);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->experts, full_toy_trace().experts) << format;
        EXPECT_EQ(read->weights, full_toy_trace().weights) << format;
    }
}

TEST_F(TraceCommand, Hazard167_SaysWhatIsWrong) {
    const auto cut = folder_.write("cut", slurp(toy_).substr(0, 200));
    const ProgramEnd end = trace({"validate", cut});
    EXPECT_EQ(end.code, 1);
    EXPECT_TRUE(end.err.starts_with("greenroom trace validate: " + cut.string() + ": ")) << end.err;
    const auto out = folder_.path() / "out";
    EXPECT_EQ(trace({"convert", toy_, "--from", "bigmoe-csv", "-o", out}).code, 1);
    EXPECT_EQ(trace({"convert", toy_, "--to", "csv", "-o", out}).code, 1);
    EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(TraceCommand, Hazard161_UsageErrorsNameTheWayOut) {
    EXPECT_EQ(trace({"--help"}).code, 0);
    EXPECT_EQ(trace({"convert", "--help"}).code, 0);
    EXPECT_EQ(trace({}).code, 2);
    EXPECT_EQ(trace({"replay"}).code, 2);
    EXPECT_EQ(trace({"info"}).code, 2);
    EXPECT_EQ(trace({"convert", toy_}).code, 2);
    EXPECT_EQ(trace({"record", "-p", "Hello"}).code, 2);
    EXPECT_EQ(trace({"record", "-o", folder_.path() / "t"}).code, 2);
    EXPECT_EQ(trace({"record", "-p", "Hello", "-o", folder_.path() / "no" / "t"}).code, 1);
}

}  // namespace
}  // namespace greenroom::tests
