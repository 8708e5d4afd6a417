#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sstream>

#include "runtime/lab/read_trace.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd simulate(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "simulate");
    return run_program(std::move(flags));
}

std::vector<io::Json> rows_of(const ProgramEnd& end) {
    EXPECT_EQ(end.code, 0) << end.err;
    std::vector<io::Json> rows;
    std::istringstream lines(end.out);
    for (std::string line; std::getline(lines, line);) rows.push_back(io::Json::parse(line));
    return rows;
}

TEST(Simulate, GivesThePublishedCountsOfTheToyTrace) {
    const TemporaryFolder folder;
    const auto path = folder.write("toy", runtime::trace_bytes(toy_trace()));
    const auto rows =
        rows_of(simulate({path, "--budget", "6", "--scope", "layer", "--policy", "lru", "--json"}));
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0]["policy"], "lru");
    EXPECT_EQ(rows[0]["lookups"], 30);
    EXPECT_EQ(rows[0]["hits"], 12);
    EXPECT_EQ(rows[0]["compulsory"], 12);
    EXPECT_EQ(rows[0]["capacity"], 6);
    EXPECT_EQ(rows[0]["evictions"], 12);
}

// The published curves: 11 budgets of five policies, to the printed digit.
class PublishedCurve : public testing::TestWithParam<const char*> {
 protected:
    static std::string line(const io::Json& row) {
        const std::string policy = row["policy"];
        const std::string name = row["scope"] == "global" ? policy
                                 : policy == "lru"        ? "layer"
                                                          : "layer" + policy;
        return fmt::format("{},{},{:.3f},{:.3f},{:.1f}",
                           row["budget_bytes"].get<std::uint64_t>() >> 20,
                           name,
                           100 * row["hit_rate"].get<double>(),
                           100 * row["hit_rate_decode"].get<double>(),
                           row["read_bytes"].get<double>() / (1 << 20));
    }
};

TEST_P(PublishedCurve, IsPrintedToTheDigit) {
    GREENROOM_NEED_SHARED(trace, fmt::format("routing/bigmoe-{}.route.csv", GetParam()));
    GREENROOM_NEED_SHARED(curve, fmt::format("routing/bigmoe-{}-curve.csv", GetParam()));
    std::vector<std::string> published, printed;
    std::string budgets;
    std::istringstream lines(slurp(curve));
    std::string line_text;
    std::getline(lines, line_text);
    while (std::getline(lines, line_text)) {
        if (line_text.find(",random,") != std::string::npos) continue;  // no stated seed
        published.push_back(line_text);
        const std::string budget = line_text.substr(0, line_text.find(',')) + "MiB";
        if (budgets.find(budget) == std::string::npos || budgets.empty()) budgets += "," + budget;
    }
    const ProgramEnd end = simulate({"--trace",
                                     trace,
                                     "--policy",
                                     "belady,lru,lfu",
                                     "--scope",
                                     "global,layer",
                                     "--budget",
                                     budgets.substr(1),
                                     "--json"});
    for (const io::Json& row : rows_of(end)) {
        if (row["scope"] == "layer" && row["policy"] == "belady") continue;  // not published
        printed.push_back(line(row));
    }
    std::ranges::sort(published);
    std::ranges::sort(printed);
    printed.erase(std::ranges::unique(printed).begin(), printed.end());
    EXPECT_EQ(published.size(), 55u);
    EXPECT_EQ(printed, published);
}

INSTANTIATE_TEST_SUITE_P(BigMoeOnEdge, PublishedCurve, testing::Values("qwen", "gemma", "gptoss"));

TEST(Simulate, PrintsATableAndACsv) {
    const TemporaryFolder folder;
    const auto path = folder.write("toy", runtime::trace_bytes(toy_trace()));
    const auto csv = folder.path() / "rows.csv";
    const ProgramEnd end = simulate({path, "--budget", "2..8+2", "--policy", "all", "--csv", csv});
    ASSERT_EQ(end.code, 0) << end.err;
    const auto n_policies = static_cast<std::ptrdiff_t>(10);
    EXPECT_EQ(std::ranges::count(end.out, '\n'), 1 + 4 * n_policies);
    const std::string text = slurp(csv);
    EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 4 * n_policies);
    EXPECT_TRUE(text.starts_with("policy,scope,budget_bytes,"));
    EXPECT_NE(end.err.find("gives lru no hits"), std::string::npos) << end.err;
}

TEST(Simulate, EstimatesSpeedForAMachine) {
    const TemporaryFolder folder;
    const auto toy = folder.write("toy", runtime::trace_bytes(toy_trace()));
    const auto profile = source_path("configs/hardware/rtx-3060-12gb.toml");
    const ProgramEnd end = simulate({toy,
                                     "--budget",
                                     "600MB",
                                     "--expert-bytes",
                                     "100MB",
                                     "--scope",
                                     "layer",
                                     "--hardware",
                                     profile,
                                     "--json"});
    const auto rows = rows_of(end);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0]["hits"], 12);
    EXPECT_EQ(rows[0]["disk_bytes"], 0);  // all experts fit into the machine's memory
    EXPECT_EQ(rows[0]["link_bytes"], 18 * 100'000'000);
    // Every token: six experts computed at 288 GB/s, and at least what is missed at 25 GB/s.
    EXPECT_LT(rows[0]["estimated_ts"], 5 / (30 * 0.1 / 288));
    EXPECT_GT(rows[0]["estimated_ts"], 5 / (30 * 0.1 / 288 + 18 * 0.1 / 25));
    EXPECT_NE(end.err.find("estimates for \"RTX 3060 12 GB, PCIe 4, DDR4-3200\", not measured"),
              std::string::npos)
        << end.err;
    const ProgramEnd table = simulate({toy,
                                       "--budget",
                                       "6",
                                       "--hardware",
                                       profile,
                                       "--predictor",
                                       "oracle",
                                       "--host-budget",
                                       "6"});
    EXPECT_EQ(table.code, 0) << table.err;
    EXPECT_NE(table.out.find("est. t/s"), std::string::npos) << table.out;
    EXPECT_EQ(simulate({toy, "--budget", "6", "--hardware", toy}).code, 1);
    EXPECT_EQ(simulate({toy, "--budget", "6", "--hardware", profile, "--predictor", "tarot"}).code,
              1);
}

TEST(Simulate, Hazard167_SaysWhatIsWrongWithItsFiles) {
    const TemporaryFolder folder;
    const auto toy = folder.write("toy", runtime::trace_bytes(toy_trace()));
    runtime::Trace other = toy_trace();
    other.n_experts = 5;
    ASSERT_TRUE(other.set_layer_bytes(std::vector<std::uint64_t>{1, 1, 1}));
    const auto profile = folder.write("other", runtime::trace_bytes(other));
    const ProgramEnd mixed =
        simulate({toy, "--budget", "6", "--policy", "static", "--profile", profile});
    EXPECT_EQ(mixed.code, 1);
    EXPECT_NE(mixed.err.find("3 layers of 5 experts; the other trace has 3 of 4"),
              std::string::npos)
        << mixed.err;
    EXPECT_EQ(simulate({folder.write("x", "x"), "--budget", "6"}).code, 1);
    EXPECT_EQ(simulate({toy}).code, 2);
    EXPECT_EQ(simulate({"--budget", "6"}).code, 2);
    EXPECT_EQ(simulate({toy, "--budget", "6..1"}).code, 2);
    EXPECT_EQ(simulate({toy, "--budget", "6", "--scope", "all"}).code, 2);
    EXPECT_EQ(simulate({toy, "--budget", "6", "--policy", "best"}).code, 1);
}

}  // namespace
}  // namespace greenroom::tests
