#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

#include "kernels/cpu/path.hpp"
#include "runtime/lab/read_trace.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd bench(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "bench");
    return run_program(std::move(flags));
}

TEST(Bench, GivesOneObjectPerRow) {
    const ProgramEnd end = bench({"-p", "8,16", "-n", "2", "-r", "2", "--json"});
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream lines(end.out);
    std::string line;
    std::vector<io::Json> rows;
    while (std::getline(lines, line)) rows.push_back(io::Json::parse(line));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0]["n_prompt"], 8);
    EXPECT_EQ(rows[1]["n_prompt"], 16);
    EXPECT_EQ(rows[2]["n_gen"], 2);
    EXPECT_EQ(rows[2]["n_prompt"], 0);
    EXPECT_EQ(rows[2]["model_n_params"], 21118208);
    for (const io::Json& row : rows) {
        EXPECT_GT(row["avg_ts"], 0);
        EXPECT_EQ(row["samples_ts"].size(), 2u);
    }
    EXPECT_GT(rows[2]["bound_ratio"], 0);
}

TEST(Bench, RunsOnTheInstructionSetThatTheEnvironmentNames) {
    for (const kernels::CpuPath path : kernels::available_cpu_paths()) {
        const std::string named(name(path));
        const ProgramEnd end =
            run_program({.arguments = {"bench", "-p", "0", "-n", "1", "-r", "1", "--json"},
                         .environment = {{"GREENROOM_CPU_PATH", named}}});
        ASSERT_EQ(end.code, 0) << end.err;
        EXPECT_EQ(end.json()["cpu_path"], named);
    }
}

TEST(Bench, MeasuresTheTiers) {
    const ProgramEnd end =
        bench({"-p", "8", "-n", "4", "-r", "2", "--json", "--set", "host.expert_budget=3MiB"});
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream lines(end.out);
    std::string prompt_line, reply_line;
    std::getline(lines, prompt_line);
    std::getline(lines, reply_line);
    const io::Json prompt = io::Json::parse(prompt_line), reply = io::Json::parse(reply_line);
    EXPECT_GT(prompt["first_token_s"], 0);
    EXPECT_TRUE(prompt["token_p50_s"].is_null());
    EXPECT_GT(reply["token_p50_s"], 0);
    EXPECT_GE(reply["token_p99_s"], reply["token_p50_s"]);
    // Six layers, two experts, four tokens, two repetitions.
    EXPECT_EQ(reply["hits_host"].get<int>() + reply["misses_host"].get<int>(), 6 * 2 * 4 * 2);
    EXPECT_GT(reply["disk_bytes_per_token"], 0);
    EXPECT_TRUE(reply["hit_rate_device"].is_null());
    EXPECT_GT(reply["peak_memory_bytes"], 1 << 20);
}

TEST(Bench, PrintsATableForPeople) {
    const ProgramEnd end = bench({"-p", "0", "-n", "1", "-d", "4", "-r", "1"});
    ASSERT_EQ(end.code, 0) << end.err;
    EXPECT_TRUE(end.out.starts_with("| model | size |")) << end.out;
    EXPECT_NE(end.out.find("| tg1 @ d4 |"), std::string::npos) << end.out;
}

TEST(Bench, SaysWhereTheTimeGoes) {
    const ProgramEnd end = bench({"-p", "8", "-n", "2", "-r", "1", "--ops", "--json"});
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream lines(end.out);
    for (std::string line; std::getline(lines, line);) {
        double share = 0;
        std::vector<std::string> names;
        const io::Json row = io::Json::parse(line);  // outlives the loop over a part of it
        for (const io::Json& op : row["ops"]) {
            share += op["share"].get<double>();
            names.push_back(op["op"]);
        }
        EXPECT_NEAR(share, 1, 1e-6);  // shares are sums of few doubles that add up to the whole
        for (const char* name : {"embed",
                                 "norm",
                                 "qkv",
                                 "rope",
                                 "kv_store",
                                 "attention",
                                 "attention_output",
                                 "router",
                                 "experts",
                                 "combine",
                                 "output"}) {
            EXPECT_TRUE(std::ranges::count(names, name)) << name;
        }
    }
    EXPECT_NE(bench({"-p", "0", "-n", "1", "-r", "1", "--ops"}).out.find("| experts |"),
              std::string::npos);
}

TEST(Bench, ArrayAndCsvHoldTheSameRows) {
    EXPECT_EQ(bench({"-p", "4,8", "-n", "0", "-r", "1", "--format", "json"}).json().size(), 2u);
    const std::string csv = bench({"-p", "4,8", "-n", "0", "-r", "1", "--format", "csv"}).out;
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
}

TEST(Bench, SaysWhatCannotBeMeasured) {
    EXPECT_EQ(bench({"-p", "0", "-n", "0"}).code, 2);
    EXPECT_EQ(bench({"-p", "many"}).code, 2);
    EXPECT_EQ(bench({"-p", "-1"}).code, 2);
    EXPECT_EQ(bench({"-r", "0"}).code, 2);
    EXPECT_EQ(bench({"--format", "sql"}).code, 2);
    const ProgramEnd full = bench({"-p", "64", "-n", "0", "-c", "32"});
    EXPECT_EQ(full.code, 1);
    EXPECT_NE(full.err.find("pp64: "), std::string::npos) << full.err;
}

TEST(Bench, MakesAModelUpAndLetsATraceOrALocalityChooseExperts) {
    const std::vector<std::string> like = {"bench",
                                           "--like",
                                           "small-moe",
                                           "--quant",
                                           "q4_0",
                                           "--layers",
                                           "2",
                                           "-p",
                                           "0",
                                           "-n",
                                           "4",
                                           "-r",
                                           "1",
                                           "-t",
                                           "1",
                                           "--json"};
    const ProgramEnd local = run_program(like);
    ASSERT_EQ(local.code, 0) << local.err;
    EXPECT_EQ(local.json()["routing"], "locality 0.35");
    EXPECT_GT(local.json()["bound_ratio"], 0);
    EXPECT_NE(local.err.find("random weights in memory"), std::string::npos);
    const TemporaryFolder folder;
    const auto trace = folder.path() / "t";
    ASSERT_EQ(
        run_program({"trace", "record", "-p", "Hello", "-n", "6", "--ignore-eos", "-o", trace})
            .code,
        0);
    std::vector<std::string> flags = like;
    flags.insert(flags.end(), {"--trace", trace, "--set", "host.expert_budget=4/layer"});
    const ProgramEnd traced = run_program(flags);
    ASSERT_EQ(traced.code, 0) << traced.err;
    EXPECT_EQ(traced.json()["routing"], "trace " + trace.string());
    EXPECT_EQ(traced.json()["hits_host"].get<int>() + traced.json()["misses_host"].get<int>(),
              4 * 2 * 2);
    *std::ranges::find(flags, trace.string()) =
        folder.write("toy", runtime::trace_bytes(toy_trace()));
    const ProgramEnd other = run_program(flags);
    EXPECT_EQ(other.code, 1);
    EXPECT_NE(other.err.find("--trace: a trace of 2 of 4 experts; the model uses 2 of 8"),
              std::string::npos)
        << other.err;
    flags = like;
    flags.insert(flags.end(), {"--set", "device.kind=cuda"});
    const ProgramEnd on_gpu = run_program(flags);
    EXPECT_EQ(on_gpu.code, 2);
    EXPECT_NE(on_gpu.err.find("runs on the CPU"), std::string::npos) << on_gpu.err;
}

}  // namespace
}  // namespace greenroom::tests
