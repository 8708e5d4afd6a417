#include "cli/simulate_rows.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

runtime::SimulationRow row() {
    runtime::SimulationRow row{.policy = "lru", .scope = cache::Scope::layer, .budget_bytes = 4096};
    row.counts.lookups = 30;
    row.counts.hits = 12;
    row.counts.compulsory = 12;
    row.regret = 0.1;
    return row;
}

TEST(SimulationRows, JsonHasTheFieldsOfTheContract) {
    const io::Json json = simulation_json(row());
    EXPECT_EQ(json["policy"], "lru");
    EXPECT_EQ(json["scope"], "layer");
    EXPECT_EQ(json["budget_bytes"], 4096);
    EXPECT_DOUBLE_EQ(json["hit_rate"], 0.4);
    EXPECT_EQ(json["capacity"], 6);
    for (const char* field : {"lookups",
                              "hits",
                              "hit_rate_decode",
                              "read_bytes",
                              "evictions",
                              "compulsory",
                              "regret_vs_belady"}) {
        EXPECT_TRUE(json.contains(field)) << field;
    }
}

TEST(SimulationRows, CsvAndTableHaveAsManyColumnsAsTheirHeaders) {
    const auto commas = [](const std::string& line) { return std::ranges::count(line, ','); };
    EXPECT_EQ(commas(simulation_csv_header()), commas(simulation_csv(row())));
    EXPECT_EQ(commas(simulation_csv(row())) + 1, std::ssize(simulation_json(row())));
    EXPECT_TRUE(simulation_csv(row()).starts_with("lru,layer,4096,"));
    EXPECT_EQ(simulation_table_header(false).size(), simulation_table(row()).size());
    runtime::SimulationRow estimated = row();
    estimated.timed.emplace();
    EXPECT_EQ(simulation_table_header(true).size(), simulation_table(estimated).size());
    EXPECT_EQ(commas(simulation_csv_header()), commas(simulation_csv(estimated)));
}

TEST(SimulationRows, WhatWasNotEstimatedIsNull) {
    EXPECT_TRUE(simulation_json(row())["estimated_ts"].is_null());
    runtime::SimulationRow estimated = row();
    estimated.timed = runtime::TimedCounts{.decode_tokens = 10, .decode_s = 4};
    EXPECT_DOUBLE_EQ(simulation_json(estimated)["estimated_ts"], 2.5);
}

}  // namespace
}  // namespace greenroom::cli
