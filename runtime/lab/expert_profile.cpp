#include "runtime/lab/expert_profile.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/lab/read_trace.hpp"
#include "runtime/lab/replay.hpp"

namespace greenroom::runtime {
namespace {

// hits[d]: uses of an expert that d others of its layer were used after, since it was used last:
// hits of every LRU with more than d slots.
using Distances = std::vector<std::uint64_t>;

std::vector<Distances> stack_distances(const Trace& trace) {
    const auto n = static_cast<std::size_t>(trace.n_layers);
    std::vector<Distances> hits(n, Distances(static_cast<std::size_t>(trace.n_experts)));
    std::vector<std::vector<io::ExpertKey>> stacks(n);  // the last used at the back
    std::vector<io::ExpertKey> keys;
    for (const TraceEvent& event : trace.events) {
        distinct_experts(trace, event, keys);
        auto& stack = stacks[event.layer];
        for (const io::ExpertKey key : keys) {
            const auto found = std::ranges::find(stack, key);
            if (found == stack.end()) continue;
            ++hits[event.layer][static_cast<std::size_t>(stack.end() - found) - 1];
        }
        for (const io::ExpertKey key : keys) {
            std::erase(stack, key);
            stack.push_back(key);
        }
    }
    return hits;
}

// The largest expert of each layer.
std::vector<std::uint64_t> slot_bytes(const Trace& trace) {
    const auto n = static_cast<std::size_t>(trace.n_experts);
    std::vector<std::uint64_t> out;
    for (std::size_t at = 0; at < trace.expert_bytes.size(); at += n) {
        out.push_back(std::ranges::max(std::span(trace.expert_bytes).subspan(at, n)));
    }
    return out;
}

}  // namespace

std::vector<double> layer_shares(const Trace& trace, std::uint64_t budget_bytes) {
    const std::vector<Distances> hits = stack_distances(trace);
    const std::vector<std::uint64_t> bytes = slot_bytes(trace);
    const std::size_t most = static_cast<std::size_t>(trace.n_experts);
    std::vector<std::size_t> slots(hits.size(), static_cast<std::size_t>(trace.experts_per_token));
    std::uint64_t used = 0;
    for (std::size_t l = 0; l < slots.size(); ++l) used += slots[l] * bytes[l];
    const auto gain = [&](std::size_t layer) {  // of one slot more, per byte
        return slots[layer] == most
                   ? -1.0
                   : static_cast<double>(hits[layer][slots[layer]]) /
                         static_cast<double>(std::max<std::uint64_t>(bytes[layer], 1));
    };
    while (used < budget_bytes) {
        std::size_t best = 0;
        for (std::size_t l = 1; l < slots.size(); ++l) {
            const double ours = gain(l), theirs = gain(best);
            if (ours > theirs || (ours == theirs && slots[l] < slots[best])) best = l;
        }
        if (gain(best) < 0) break;  // everything fits
        used += bytes[best];
        ++slots[best];
    }
    std::vector<double> out;
    for (std::size_t l = 0; l < slots.size(); ++l) {
        out.push_back(static_cast<double>(slots[l] * bytes[l]) /
                      static_cast<double>(std::max<std::uint64_t>(used, 1)));
    }
    return out;
}

io::Result<ExpertProfile> expert_profile(const Settings& settings) {
    if (settings.cache.profile.empty()) return ExpertProfile{};
    const auto trace = read_trace(settings.cache.profile);
    if (!trace) return trace.error();
    ExpertProfile out{.layers = trace->n_layers,
                      .experts = trace->n_experts,
                      .uses = expert_uses(*trace),
                      .layer_shares = {}};
    if (settings.cache.layers != "profile") return out;
    const bool has_device = settings.device.kind == "emulated" || settings.device.kind == "cuda";
    const std::string& text =
        has_device ? settings.device.expert_budget : settings.host.expert_budget;
    const auto budget = parse_bytes(text);
    if (!budget) {
        return io::Error{"shares by layer need a budget in bytes, not \"" + text + "\""};
    }
    out.layer_shares = layer_shares(*trace, *budget);
    return out;
}

}  // namespace greenroom::runtime
