#include "cli/bench_rows.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

const BenchSubject kSubject = {.model_file = "a \"b\".gguf",
                               .model_name = "a|b",
                               .model_bytes = 3 << 20,
                               .parameters = 21000000,
                               .bytes_per_token = 2000000000,
                               .cpu = "processor",
                               .instructions = "avx2",
                               .kv_type = "f16",
                               .threads = 2,
                               .batch = 512,
                               .machine_read = 1e10};

runtime::BenchResult result(int n_prompt, int n_gen) {
    runtime::BenchResult out;
    out.test = {.n_prompt = n_prompt, .n_gen = n_gen};
    out.seconds = {2, 2};
    return out;
}

TEST(BenchRows, RepliesAreComparedWithTheMachine) {
    const io::Json row = bench_json(kSubject, result(0, 8));
    EXPECT_EQ(row["avg_ts"], 4.0);
    EXPECT_EQ(row["stddev_ts"], 0.0);
    EXPECT_EQ(row["avg_ns"], 2e9);
    EXPECT_EQ(row["bytes_per_token"], 2000000000);
    EXPECT_EQ(row["read_gbps"], 8.0);
    EXPECT_EQ(row["bound_ts"], 5.0);
    EXPECT_EQ(row["bound_ratio"], 0.8);
    EXPECT_EQ(row["samples_ts"], (io::Json{4.0, 4.0}));
    EXPECT_TRUE(row["hit_rate_host"].is_null());
}

TEST(BenchRows, PromptsHaveNoBoundOfMemory) {
    const io::Json row = bench_json(kSubject, result(8, 0));
    EXPECT_EQ(row["avg_ts"], 4.0);
    for (const char* field : {"bytes_per_token", "read_gbps", "bound_ts", "bound_ratio"}) {
        EXPECT_TRUE(row[field].is_null()) << field;
    }
}

TEST(BenchRows, AMachineThatCouldNotBeMeasuredGivesNoBound) {
    BenchSubject subject = kSubject;
    subject.machine_read.reset();
    const io::Json row = bench_json(subject, result(0, 8));
    EXPECT_EQ(row["read_gbps"], 8.0);
    EXPECT_TRUE(row["bound_ratio"].is_null());
}

TEST(BenchRows, KnowsWhenAModelFitsTheCaches) {
    BenchSubject subject = kSubject;
    EXPECT_FALSE(is_faster_than_memory(subject, result(0, 8)));
    subject.machine_read = 7e9;
    EXPECT_TRUE(is_faster_than_memory(subject, result(0, 8)));
    EXPECT_FALSE(is_faster_than_memory(subject, result(8, 0)));
}

TEST(BenchRows, TiersSayHowOftenTheyHit) {
    runtime::BenchResult tiered = result(0, 8);
    cache::StoreStatus tiers;
    tiers.host = {.hits = 3, .misses = 1};
    tiers.disk.counters.bytes_read = 1600;
    tiers.stalls = {.disk_s = 0.75, .policy_s = 0.25};
    tiered.tiers = tiers;
    const io::Json row = bench_json(kSubject, tiered);
    EXPECT_EQ(row["hit_rate_host"], 0.75);
    EXPECT_TRUE(row["hit_rate_device"].is_null());
    EXPECT_EQ(row["stall_s"], 0.5) << "in one run";
    EXPECT_EQ(row["stall_disk_s"], 0.375);
    EXPECT_EQ(row["disk_bytes_per_token"], 100) << "of both runs";
    EXPECT_TRUE(row["link_bytes_per_token"].is_null());
}

TEST(BenchRows, TimesOfTokensAreThoseMeasured) {
    runtime::BenchResult timed = result(0, 2);
    timed.token_seconds = {0.5, 1, 1.5, 1};
    timed.peak_memory = 1 << 20;
    const io::Json reply = bench_json(kSubject, timed);
    EXPECT_EQ(reply["token_p50_s"], 1);
    EXPECT_EQ(reply["token_p99_s"], 1.5);
    EXPECT_EQ(reply["peak_memory_bytes"], 1 << 20);
    EXPECT_TRUE(reply["first_token_s"].is_null()) << "there was no prompt to read";
    timed = result(8, 0);
    timed.prompt_seconds = {2, 4};
    const io::Json prompt = bench_json(kSubject, timed);
    EXPECT_EQ(prompt["first_token_s"], 3);
    EXPECT_TRUE(prompt["token_p50_s"].is_null());
    EXPECT_TRUE(prompt["peak_memory_bytes"].is_null());
}

TEST(BenchRows, CsvHasAColumnForEveryFieldButTheSamples) {
    const io::Json row = bench_json(kSubject, result(8, 0));
    const std::string header = bench_csv_header(row), line = bench_csv(row);
    EXPECT_EQ(std::count(header.begin(), header.end(), ','),
              std::count(line.begin(), line.end(), ','));
    EXPECT_EQ(std::count(header.begin(), header.end(), ',') + 3, static_cast<int>(row.size()));
    EXPECT_NE(line.find("\"a \"\"b\"\".gguf\""), std::string::npos) << line;
    EXPECT_EQ(header.find("samples"), std::string::npos);
}

TEST(BenchRows, MarkdownHasOneCellPerColumn) {
    const std::string line = bench_markdown(kSubject, result(0, 8));
    EXPECT_EQ(line, "| a/b | 3.00 MiB | 21.0 M | CPU | 2 | tg8 | 4.00 ± 0.00 | 8.0 | 80 % |\n");
    const std::string header = bench_markdown_header();
    EXPECT_EQ(std::count(header.begin(), header.end(), '|'), 2 * 10);
}

// Two tokens in a second: half of it in experts.
runtime::BenchResult by_steps() {
    runtime::BenchResult out = result(0, 2);
    runtime::OpTotals ops = {};
    ops[static_cast<std::size_t>(runtime::Op::experts)] = {
        .seconds = 0.5, .calls = 2, .work = {.bytes = 4000000000, .products = 1000000000}};
    out.steps = runtime::BenchResult::Steps{.seconds = 1, .ops = ops};
    return out;
}

TEST(BenchRows, StepsHaveTheirShareAndTheirPartOfTheBound) {
    EXPECT_FALSE(bench_json(kSubject, result(0, 2)).contains("ops"));
    const io::Json ops = bench_json(kSubject, by_steps())["ops"];
    ASSERT_EQ(ops.size(), 2u);  // steps that did not happen are left out
    EXPECT_EQ(ops[0]["op"], "experts");
    EXPECT_EQ(ops[0]["seconds_per_token"], 0.25);
    EXPECT_EQ(ops[0]["share"], 0.5);
    EXPECT_EQ(ops[0]["read_gbps"], 8.0);
    EXPECT_EQ(ops[0]["bound_ratio"], 0.8);
    EXPECT_EQ(ops[0]["gflops"], 4.0);
    EXPECT_EQ(ops[1]["op"], "other");
    EXPECT_EQ(ops[1]["share"], 0.5);
    EXPECT_TRUE(ops[1]["read_gbps"].is_null());
}

TEST(BenchRows, StepsAreATableOfTheirOwn) {
    EXPECT_EQ(bench_ops_markdown(kSubject, result(0, 2)), "");
    const std::string table = bench_ops_markdown(kSubject, by_steps());
    EXPECT_NE(table.find("tg2, step by step:"), std::string::npos) << table;
    EXPECT_NE(table.find("| experts | 250000.0 | 50.0 % | 8.0 | 80 % | 4 |\n"), std::string::npos)
        << table;
    EXPECT_NE(table.find("| other | 250000.0 | 50.0 % |  |  |  |\n"), std::string::npos) << table;
}

TEST(BenchRows, TestsAreCalledAsTheyAreElsewhere) {
    EXPECT_EQ(bench_test_name({.n_prompt = 512}), "pp512");
    EXPECT_EQ(bench_test_name({.n_gen = 128, .n_depth = 4096}), "tg128 @ d4096");
    EXPECT_EQ(bench_test_name({.n_prompt = 512, .n_gen = 128}), "pp512+tg128");
}

}  // namespace
}  // namespace greenroom::cli
