#include "runtime/lab/trace.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

io::Result<void> check_shape(const Trace& trace) {
    if (trace.n_layers < 1 || trace.n_layers > kMostTraceLayers) {
        return io::Error{
            fmt::format("{} layers; expected 1 to {}", trace.n_layers, kMostTraceLayers)};
    }
    const auto n = static_cast<std::uint64_t>(trace.n_layers) *
                   static_cast<std::uint64_t>(std::max(trace.n_experts, 0));
    if (n == 0 || n > kMostTraceExperts || trace.n_experts > 0xffff) {
        return io::Error{fmt::format("{} experts in each of {} layers; expected 1 to {} in all",
                                     trace.n_experts,
                                     trace.n_layers,
                                     kMostTraceExperts)};
    }
    if (trace.experts_per_token < 1 || trace.experts_per_token > trace.n_experts) {
        return io::Error{fmt::format("{} experts for each token; expected 1 to {}",
                                     trace.experts_per_token,
                                     trace.n_experts)};
    }
    return {};
}

// [first, first + n) lies in [0, size).
bool lies_in(std::uint64_t first, std::uint64_t n, std::size_t size) {
    return first + n <= size;
}

io::Result<void> check_events(const Trace& trace) {
    std::uint64_t row = 0;
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        const TraceEvent& event = trace.events[i];
        if (event.layer >= trace.n_layers) {
            return io::Error{
                fmt::format("event {}: layer {}; there are {}", i, event.layer, trace.n_layers)};
        }
        if (event.n_rows == 0 || event.first_row != row ||
            !lies_in(event.first_token, event.n_tokens, trace.tokens.size())) {
            return io::Error{
                fmt::format("event {}: {} rows from {}, tokens {} and {} more; there "
                            "are {} tokens, and the next row is {}",
                            i,
                            event.n_rows,
                            event.first_row,
                            event.first_token,
                            event.n_tokens,
                            trace.tokens.size(),
                            row)};
        }
        row += event.n_rows;
    }
    if (row == trace.experts.size()) return {};
    return io::Error{
        fmt::format("events of {} rows; there are {} experts", row, trace.experts.size())};
}

io::Result<void> check_rows(const Trace& trace) {
    const std::size_t n = trace.experts.size();
    if (trace.weights.size() != n || (!trace.outcomes.empty() && trace.outcomes.size() != n)) {
        return io::Error{"not as many weights or outcomes as experts"};
    }
    for (std::size_t row = 0; row < n; ++row) {
        if (trace.experts[row] >= trace.n_experts || !std::isfinite(trace.weights[row])) {
            return io::Error{fmt::format("row {}: expert {} with weight {}; there are {} experts",
                                         row,
                                         trace.experts[row],
                                         trace.weights[row],
                                         trace.n_experts)};
        }
    }
    const auto size =
        static_cast<std::size_t>(trace.n_layers) * static_cast<std::size_t>(trace.n_experts);
    if (trace.expert_bytes.size() != size) return io::Error{"not every expert has a size"};
    // Sums of what a budget can hold must not wrap.
    const auto is_sane = [&](std::uint64_t bytes) { return bytes <= (1ull << 62) / size; };
    if (!std::ranges::all_of(trace.expert_bytes, is_sane)) {
        return io::Error{"experts larger than any machine"};
    }
    return {};
}

io::Result<void> check_predictions(const Trace& trace) {
    const std::size_t n = trace.guess_experts.size();
    if (trace.guess_probabilities.size() != n) {
        return io::Error{"not as many probabilities as guesses"};
    }
    std::uint32_t event = 0;
    for (std::size_t i = 0; i < trace.predictions.size(); ++i) {
        const TracePrediction& p = trace.predictions[i];
        if (p.event < event || p.event >= trace.events.size() || p.layer >= trace.n_layers ||
            !lies_in(p.first_guess, p.n_guesses, n)) {
            return io::Error{fmt::format("prediction {}: out of range or order", i)};
        }
        event = p.event;
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (trace.guess_experts[i] >= trace.n_experts ||
            !std::isfinite(trace.guess_probabilities[i])) {
            return io::Error{fmt::format("guess {}: expert {} with probability {}",
                                         i,
                                         trace.guess_experts[i],
                                         trace.guess_probabilities[i])};
        }
    }
    return {};
}

}  // namespace

cache::KeyTable<std::uint64_t> Trace::expert_sizes() const {
    cache::KeyTable<std::uint64_t> sizes;
    std::size_t at = 0;
    for (int l = 0; l < n_layers; ++l) {
        for (int e = 0; e < n_experts; ++e) {
            sizes[{static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)}] =
                expert_bytes[at++];
        }
    }
    return sizes;
}

io::Result<void> Trace::set_layer_bytes(std::span<const std::uint64_t> bytes) {
    if (auto ok = check_shape(*this); !ok) return ok.error();
    expert_bytes.clear();
    for (const std::uint64_t of_layer : bytes) {
        expert_bytes.insert(expert_bytes.end(), static_cast<std::size_t>(n_experts), of_layer);
    }
    return {};
}

io::Result<void> check_trace(const Trace& trace) {
    if (auto ok = check_shape(trace); !ok) return ok.error();
    if (trace.events.empty()) return io::Error{"no events"};
    if (auto ok = check_events(trace); !ok) return ok.error();
    if (auto ok = check_rows(trace); !ok) return ok.error();
    return check_predictions(trace);
}

io::Result<void> check_same_model(const Trace& a, const Trace& b) {
    if (a.n_layers == b.n_layers && a.n_experts == b.n_experts) return {};
    return io::Error{fmt::format("{} layers of {} experts; the other trace has {} of {}",
                                 b.n_layers,
                                 b.n_experts,
                                 a.n_layers,
                                 a.n_experts)};
}

void distinct_experts(const Trace& trace,
                      const TraceEvent& event,
                      std::vector<io::ExpertKey>& out) {
    out.clear();
    const auto rows = trace.experts_of(event);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {  // from the back: last uses
        const io::ExpertKey key{event.layer, *row};
        if (std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
    }
    std::reverse(out.begin(), out.end());
}

}  // namespace greenroom::runtime
