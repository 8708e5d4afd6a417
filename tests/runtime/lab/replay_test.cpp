#include "runtime/lab/replay.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sstream>

#include "runtime/lab/read_trace.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

TEST(Replay, GivesThePublishedCountsOfTheToyTrace) {
    const Trace trace = tests::toy_trace();
    const auto counts = replay(ReplayInput(trace), {"lru", cache::Scope::layer, 6});
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(counts->lookups, 30u);
    EXPECT_EQ(counts->hits, 12u);
    EXPECT_EQ(counts->compulsory, 12u);
    EXPECT_EQ(counts->capacity(), 6u);
    EXPECT_EQ(counts->evictions, 12u);
}

struct Published {
    std::string budget, policy, hits, hits_decode, read_mib;
};

std::vector<Published> published_curve(const std::filesystem::path& path) {
    std::istringstream in(tests::slurp(path));
    std::string line;
    std::getline(in, line);
    std::vector<Published> out;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        Published row;
        for (auto* f : {&row.budget, &row.policy, &row.hits, &row.hits_decode, &row.read_mib}) {
            std::getline(fields, *f, ',');
        }
        out.push_back(row);
    }
    return out;
}

class PublishedCurve : public testing::TestWithParam<const char*> {};

TEST_P(PublishedCurve, IsReproducedToThePrintedDigit) {
    const std::string name = GetParam();
    GREENROOM_NEED_SHARED(trace_path, "routing/bigmoe-" + name + ".route.csv");
    GREENROOM_NEED_SHARED(curve_path, "routing/bigmoe-" + name + "-curve.csv");
    const auto trace = read_trace(trace_path);
    ASSERT_TRUE(trace.ok()) << trace.error().message;
    const ReplayInput input(*trace);
    int rows = 0;
    for (const Published& row : published_curve(curve_path)) {
        if (row.policy == "random") continue;  // no stated seed
        const bool by_layer = row.policy.starts_with("layer");
        const std::string policy = row.policy == "layer"      ? "lru"
                                   : row.policy == "layerlfu" ? "lfu"
                                                              : row.policy;
        const auto counts = replay(input,
                                   {.policy = policy,
                                    .scope = by_layer ? cache::Scope::layer : cache::Scope::global,
                                    .budget_bytes = std::stoull(row.budget) << 20,
                                    .overshoot = cache::Overshoot::stays});
        ASSERT_TRUE(counts.ok());
        const std::string where = row.budget + " MiB " + row.policy;
        EXPECT_EQ(fmt::format("{:.3f}", 100 * counts->hit_rate()), row.hits) << where;
        EXPECT_EQ(fmt::format("{:.3f}", 100 * counts->hit_rate_decode()), row.hits_decode) << where;
        EXPECT_EQ(fmt::format("{:.1f}", static_cast<double>(counts->read_bytes) / (1 << 20)),
                  row.read_mib)
            << where;
        ++rows;
    }
    EXPECT_EQ(rows, 55);
}

INSTANTIATE_TEST_SUITE_P(BigMoeOnEdge, PublishedCurve, testing::Values("qwen", "gemma", "gptoss"));

}  // namespace
}  // namespace greenroom::runtime
