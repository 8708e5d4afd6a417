#include "cli/tier_report.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

cache::StoreStatus status() {
    cache::StoreStatus out;
    out.device = cache::TierCounters{
        .hits = 800, .misses = 200, .hit_bytes = 3000, .miss_bytes = 1000, .evictions = 150};
    out.host = {.hits = 150, .misses = 50, .hit_bytes = 100, .miss_bytes = 300, .evictions = 7};
    out.device_bytes = {.budget = 6ull << 30, .used = 5ull << 30, .peak = 6ull << 30};
    out.host_bytes = {.budget = 12ull << 30, .used = 12ull << 30, .peak = 13ull << 30};
    out.disk.queue = "io_uring";
    out.disk.counters.bytes_read = 100ull << 20;
    out.link_bytes = 400ull << 20;
    out.link_busy_s = 0.1;
    out.stalls = {.disk_s = 1, .link_s = 0.5, .policy_s = 0.004};
    out.cpu_experts = 12;
    out.slots = {.total_bytes = 1000, .waste_bytes = 34};
    return out;
}

int columns(const std::string& line) {  // UTF-8 without wide characters
    return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

TEST(TierTable, HasARowForEachTierAndLink) {
    EXPECT_EQ(tier_table(status(), {.tokens = 100}),
              "tier     experts hit              of bytes   used of budget           evicted\n"
              "device   800 of 1000 (80.0 %)       75.0 %   5.00 GiB of 6.00 GiB         150\n"
              "host     150 of 200 (75.0 %)        25.0 %   12.0 GiB of 12.0 GiB           7\n"
              "disk     100 MiB read, 1.00 MiB a token, through io_uring\n"
              "link     400 MiB moved, 4.00 MiB a token; 12 experts computed on the CPU\n"
              "waiting  15 ms a token: disk 10 ms, link 5.0 ms, policy 40 µs\n"
              "slots    3.4 % of their bytes hold nothing");
}

TEST(TierTable, LeavesOutWhatIsNotThere) {
    cache::StoreStatus tiers;
    tiers.disk.queue = "pread";
    tiers.disk.notices = {"model.gguf: read through the page cache"};
    EXPECT_EQ(tier_table(tiers, {}),
              "tier     experts hit              of bytes   used of budget           evicted\n"
              "host     0 of 0 (-)                      -   0 B of 0 B                     0\n"
              "disk     0 B read, through pread and the page cache\n"
              "waiting  0 ms: disk 0 ms, link 0 ms, policy 0 ms");
}

TEST(TierTable, FitsATerminalOfEightyColumns) {
    cache::StoreStatus tiers = status();
    tiers.device->hits = tiers.host.hits = 123'456;
    tiers.device->evictions = 99'999'999;
    tiers.disk.notices = {"slow"};
    tiers.disk.counters.bytes_read = tiers.link_bytes = 999ull << 30;
    tiers.cpu_experts = 99'999;
    tiers.guesses = {.issued = 99'999, .useful = 9999, .late = 999, .wasted = 9999};
    tiers.guesses.wasted_bytes = 1000ull << 30;
    std::istringstream lines(tier_table(tiers, {.tokens = 1}));
    std::string line;
    while (std::getline(lines, line)) EXPECT_LE(columns(line), 80) << line;
}

TEST(Predictions, AreSummedInALineAndStandByLayerInJson) {
    const std::vector<prefetch::PredictionCounters> layers = {
        {}, {.guessed = 40, .used = 20, .right = 10}, {.guessed = 0, .used = 20, .right = 0}};
    EXPECT_EQ(predictions_row(layers),
              "foreseen 25.0 % of what was used; 25.0 % of 40 predictions were right");
    const io::Json json = predictions_json(layers);
    EXPECT_EQ(json["prediction_recall"], 0.25);
    EXPECT_EQ(json["prediction_precision"], 0.25);
    EXPECT_EQ(json["prediction_recall_by_layer"], (io::Json{nullptr, 0.5, 0.0}));
    EXPECT_EQ(json["prediction_precision_by_layer"], (io::Json{nullptr, 0.25, nullptr}));
    const std::string page = tests::slurp(tests::source_path("docs/metrics.md"));
    const io::Json nobody = predictions_json({});
    for (const auto& [name, value] : nobody.items()) {
        EXPECT_TRUE(value.is_null()) << name;
        EXPECT_NE(page.find("`" + name + "`"), page.npos) << name;
    }
}

TEST(TierNote, SaysWhereExpertsLiveAndHowTheyAreRead) {
    EXPECT_EQ(tier_note(status()),
              "experts: 6.00 GiB on the device, 12.0 GiB in host memory; io_uring reads them from "
              "disk directly");
    cache::StoreStatus slow;
    slow.disk.queue = "pread";
    slow.disk.notices = {"no O_DIRECT"};
    EXPECT_EQ(tier_note(slow),
              "experts: 0 B in host memory; pread reads them from disk through the page cache");
}

TEST(TierLine, SaysHitsAndBytesAndWaitingPerToken) {
    EXPECT_EQ(tier_line(status(), {.tokens = 100}),
              "device 80 % hit · host 75 % hit · disk 1.00 MiB a token · link 4.00 MiB a token · "
              "waiting 15 ms a token");
    cache::StoreStatus host_only = status();
    host_only.device.reset();
    EXPECT_EQ(tier_line(host_only, {}), "host 75 % hit");
}

TEST(TierJson, HasEveryFieldWhateverThereIs) {
    const io::Json full = tier_json(status(), {.tokens = 100});
    cache::StoreStatus host_only = status();
    host_only.device.reset();
    const io::Json without_device = tier_json(host_only, {.tokens = 100});
    const io::Json without_tiers = tier_json(std::nullopt, {.tokens = 100});
    ASSERT_EQ(full.size(), without_tiers.size());
    ASSERT_EQ(full.size(), without_device.size());
    for (const auto& [name, value] : full.items()) {
        EXPECT_FALSE(value.is_null()) << name;
        ASSERT_TRUE(without_tiers.contains(name)) << name;
        EXPECT_TRUE(without_tiers[name].is_null()) << name;
    }
    EXPECT_TRUE(without_device["hit_rate_device"].is_null());
    EXPECT_TRUE(without_device["link_bytes"].is_null());
    EXPECT_EQ(without_device["hit_rate_host"], 0.75);
}

TEST(TierJson, EveryFieldStandsInTheDocuments) {
    const std::string page = tests::slurp(tests::source_path("docs/metrics.md"));
    const io::Json fields = tier_json(std::nullopt, {});
    for (const auto& [name, value] : fields.items()) {
        const std::string field = name.substr(0, name.rfind('_'));
        const bool is_of_a_tier = name.ends_with("_device") || name.ends_with("_host");
        EXPECT_NE(page.find(is_of_a_tier ? "`" + field + "_…`" : "`" + name + "`"), page.npos)
            << name;
    }
}

TEST(TierJson, CountsPerTokenAndPerRun) {
    const io::Json json = tier_json(status(), {.tokens = 100, .runs = 2});
    EXPECT_EQ(json["hit_rate_device"], 0.8);
    EXPECT_EQ(json["hit_rate_bytes_device"], 0.75);
    EXPECT_EQ(json["disk_bytes_per_token"], (100 << 20) / 100.0);
    EXPECT_EQ(json["stall_s"], 1.504 / 2);
    EXPECT_EQ(json["stall_link_s"], 0.25);
    EXPECT_DOUBLE_EQ(json["stall_per_token_s"].get<double>(), 0.01504);
}

TEST(TierJson, ClaimsNoRateOfNothing) {
    const io::Json json = tier_json(cache::StoreStatus{}, {});
    EXPECT_TRUE(json["hit_rate_host"].is_null());
    EXPECT_TRUE(json["disk_bytes_per_token"].is_null());
    EXPECT_EQ(json["hits_host"], 0);
}

}  // namespace
}  // namespace greenroom::cli
