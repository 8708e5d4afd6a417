#include "cli/tier_report.hpp"

#include <fmt/format.h>

#include "cli/human.hpp"

namespace greenroom::cli {
namespace {

using Amount = std::optional<double>;

Amount ratio(double part, double whole) {
    return whole > 0 ? Amount(part / whole) : std::nullopt;
}

Amount ratio(std::uint64_t part, std::uint64_t whole) {
    return ratio(static_cast<double>(part), static_cast<double>(whole));
}

Amount hit_rate(const cache::TierCounters& tier) {
    return ratio(tier.hits, tier.hits + tier.misses);
}

Amount hit_rate_bytes(const cache::TierCounters& tier) {
    return ratio(tier.hit_bytes, tier.hit_bytes + tier.miss_bytes);
}

std::string percent(const Amount& rate, int decimals) {
    return rate ? fmt::format("{:.{}f} %", 100 * *rate, decimals) : "-";
}

// ", 4.71 MiB a token"
std::string bytes_a_token(std::uint64_t bytes, std::uint64_t tokens) {
    return tokens == 0 ? "" : fmt::format(", {} a token", human_bytes(bytes / tokens));
}

std::string tier_row(std::string_view name,
                     const cache::TierCounters& tier,
                     const cache::TierBytes& bytes) {
    const std::string hits = fmt::format(
        "{} of {} ({})", tier.hits, tier.hits + tier.misses, percent(hit_rate(tier), 1));
    const std::string used =
        fmt::format("{} of {}", human_bytes(bytes.used), human_bytes(bytes.budget));
    return fmt::format("{:<8} {:<24} {:>8}   {:<22} {:>9}\n",
                       name,
                       hits,
                       percent(hit_rate_bytes(tier), 1),
                       used,
                       tier.evictions);
}

std::string waiting_row(const cache::Stalls& stalls, std::uint64_t tokens) {
    const double n = tokens > 0 ? static_cast<double>(tokens) : 1;
    return fmt::format("waiting  {}{}: disk {}, link {}, policy {}\n",
                       human_seconds(stalls.total_s() / n),
                       tokens > 0 ? " a token" : "",
                       human_seconds(stalls.disk_s / n),
                       human_seconds(stalls.link_s / n),
                       human_seconds(stalls.policy_s / n));
}

std::string guesses_row(const cache::GuessCounters& guesses) {
    return fmt::format("guesses  {} sent, {} used, {} late, {} wasted ({}), {} withdrawn\n",
                       guesses.issued,
                       guesses.useful,
                       guesses.late,
                       guesses.wasted,
                       human_bytes(guesses.wasted_bytes),
                       guesses.withdrawn);
}

io::Json number(const Amount& amount) {
    return amount ? io::Json(*amount) : io::Json(nullptr);
}

prefetch::PredictionCounters sum(std::span<const prefetch::PredictionCounters> layers) {
    prefetch::PredictionCounters all;
    for (const prefetch::PredictionCounters& layer : layers) all += layer;
    return all;
}

// The fields of one tier, each with its name behind: "hits_device".
void add_tier(std::string_view name,
              const std::optional<cache::TierCounters>& tier,
              const cache::TierBytes& bytes,
              io::Json& to) {
    const cache::TierCounters counts = tier.value_or(cache::TierCounters{});
    const auto add = [&](std::string_view field, const io::Json& value) {
        to[fmt::format("{}_{}", field, name)] = tier ? value : io::Json(nullptr);
    };
    add("hit_rate", number(hit_rate(counts)));
    add("hit_rate_bytes", number(hit_rate_bytes(counts)));
    add("hits", counts.hits);
    add("misses", counts.misses);
    add("evictions", counts.evictions);
    add("budget_bytes", bytes.budget);
    add("used_bytes", bytes.used);
    add("peak_bytes", bytes.peak);
}

void add_links(const cache::StoreStatus& tiers, const Stretch& stretch, io::Json& to) {
    const std::uint64_t disk_bytes = tiers.disk.counters.bytes_read;
    to["disk_bytes"] = disk_bytes;
    to["disk_bytes_per_token"] = number(ratio(disk_bytes, stretch.tokens));
    to["disk_queue"] = tiers.disk.queue;
    to["disk_notices"] = tiers.disk.notices;
    const bool has_link = tiers.device.has_value();
    to["link_bytes"] = has_link ? io::Json(tiers.link_bytes) : io::Json(nullptr);
    to["link_gbps"] =
        has_link && tiers.link_busy_s > 0
            ? io::Json(static_cast<double>(tiers.link_bytes) / tiers.link_busy_s / 1e9)
            : io::Json(nullptr);
    to["link_bytes_per_token"] =
        has_link ? number(ratio(tiers.link_bytes, stretch.tokens)) : io::Json(nullptr);
    to["cpu_experts"] = has_link ? io::Json(tiers.cpu_experts) : io::Json(nullptr);
}

void add_stalls(const cache::Stalls& stalls, const Stretch& stretch, io::Json& to) {
    const auto runs = static_cast<double>(stretch.runs);
    to["stall_s"] = stalls.total_s() / runs;
    to["stall_disk_s"] = stalls.disk_s / runs;
    to["stall_link_s"] = stalls.link_s / runs;
    to["stall_policy_s"] = stalls.policy_s / runs;
    to["stall_per_token_s"] = number(ratio(stalls.total_s(), static_cast<double>(stretch.tokens)));
}

void add_guesses(const cache::GuessCounters& guesses, io::Json& to) {
    to["guesses_issued"] = guesses.issued;
    to["guesses_useful"] = guesses.useful;
    to["guesses_late"] = guesses.late;
    to["guesses_wasted"] = guesses.wasted;
    to["guesses_withdrawn"] = guesses.withdrawn;
    to["guesses_issued_bytes"] = guesses.issued_bytes;
    to["guesses_useful_bytes"] = guesses.useful_bytes;
    to["guesses_wasted_bytes"] = guesses.wasted_bytes;
}

}  // namespace

std::string tier_table(const cache::StoreStatus& tiers, const Stretch& stretch) {
    std::string out = fmt::format("{:<8} {:<24} {:>8}   {:<22} {:>9}\n",
                                  "tier",
                                  "experts hit",
                                  "of bytes",
                                  "used of budget",
                                  "evicted");
    if (tiers.device) out += tier_row("device", *tiers.device, tiers.device_bytes);
    out += tier_row("host", tiers.host, tiers.host_bytes);
    const std::uint64_t disk_bytes = tiers.disk.counters.bytes_read;
    out += fmt::format("disk     {} read{}, through {}{}\n",
                       human_bytes(disk_bytes),
                       bytes_a_token(disk_bytes, stretch.tokens),
                       tiers.disk.queue,
                       tiers.disk.notices.empty() ? "" : " and the page cache");
    if (tiers.device) {
        out += fmt::format("link     {} moved{}; {} experts computed on the CPU\n",
                           human_bytes(tiers.link_bytes),
                           bytes_a_token(tiers.link_bytes, stretch.tokens),
                           tiers.cpu_experts);
    }
    out += waiting_row(tiers.stalls, stretch.tokens);
    if (tiers.guesses.issued > 0) out += guesses_row(tiers.guesses);
    if (const Amount waste = ratio(tiers.slots.waste_bytes, tiers.slots.total_bytes)) {
        out += fmt::format("slots    {} of their bytes hold nothing\n", percent(waste, 1));
    }
    out.pop_back();
    return out;
}

std::string predictions_row(std::span<const prefetch::PredictionCounters> layers) {
    const prefetch::PredictionCounters all = sum(layers);
    return fmt::format("foreseen {} of what was used; {} of {} predictions were right",
                       percent(ratio(all.right, all.used), 1),
                       percent(ratio(all.right, all.guessed), 1),
                       all.guessed);
}

io::Json predictions_json(std::span<const prefetch::PredictionCounters> layers) {
    const bool none = layers.empty();
    const prefetch::PredictionCounters all = sum(layers);
    io::Json recall = io::Json::array(), precision = io::Json::array();
    for (const prefetch::PredictionCounters& layer : layers) {
        recall.push_back(number(ratio(layer.right, layer.used)));
        precision.push_back(number(ratio(layer.right, layer.guessed)));
    }
    return {{"prediction_recall", number(ratio(all.right, all.used))},
            {"prediction_precision", number(ratio(all.right, all.guessed))},
            {"prediction_recall_by_layer", none ? io::Json(nullptr) : recall},
            {"prediction_precision_by_layer", none ? io::Json(nullptr) : precision}};
}

std::string tier_note(const cache::StoreStatus& tiers) {
    std::string out = "experts: ";
    if (tiers.device)
        out += fmt::format("{} on the device, ", human_bytes(tiers.device_bytes.budget));
    return out + fmt::format("{} in host memory; {} reads them from disk {}",
                             human_bytes(tiers.host_bytes.budget),
                             tiers.disk.queue,
                             tiers.disk.notices.empty() ? "directly" : "through the page cache");
}

std::string tier_line(const cache::StoreStatus& tiers, const Stretch& stretch) {
    std::string out;
    if (tiers.device) out = fmt::format("device {} hit · ", percent(hit_rate(*tiers.device), 0));
    out += fmt::format("host {} hit", percent(hit_rate(tiers.host), 0));
    if (stretch.tokens == 0) return out;
    const auto n = static_cast<double>(stretch.tokens);
    out += fmt::format(" · disk {} a token",
                       human_bytes(tiers.disk.counters.bytes_read / stretch.tokens));
    if (tiers.device) {
        out += fmt::format(" · link {} a token", human_bytes(tiers.link_bytes / stretch.tokens));
    }
    return out + fmt::format(" · waiting {} a token", human_seconds(tiers.stalls.total_s() / n));
}

io::Json tier_json(const std::optional<cache::StoreStatus>& tiers, const Stretch& stretch) {
    const cache::StoreStatus status = tiers.value_or(cache::StoreStatus{});
    io::Json out = io::Json::object();
    add_tier("device", status.device, status.device_bytes, out);
    add_tier("host", status.host, status.host_bytes, out);
    add_links(status, stretch, out);
    add_stalls(status.stalls, stretch, out);
    add_guesses(status.guesses, out);
    out["slot_waste"] = number(ratio(status.slots.waste_bytes, status.slots.total_bytes));
    if (tiers) return out;
    for (io::Json& value : out) value = nullptr;
    return out;
}

}  // namespace greenroom::cli
