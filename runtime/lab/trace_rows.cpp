#include "runtime/lab/trace_rows.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "io/file.hpp"

namespace greenroom::runtime {
namespace {

auto order_of(const TraceRow& r) {
    const bool prefill = r.phase == Phase::prefill;
    return std::tuple(
        r.turn, r.phase, prefill ? r.layer : r.step, prefill ? r.step : r.layer, r.slot);
}

bool same_event(const TraceRow& a, const TraceRow& b) {
    return a.turn == b.turn && a.phase == b.phase && a.layer == b.layer &&
           (a.phase == Phase::prefill || a.step == b.step);
}

}  // namespace

void build_events(std::vector<TraceRow>& rows, Trace& trace) {
    std::stable_sort(rows.begin(), rows.end(), [](const TraceRow& a, const TraceRow& b) {
        return order_of(a) < order_of(b);
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const TraceRow& row = rows[i];
        if (i == 0 || !same_event(rows[i - 1], row)) {
            trace.events.push_back({.step = row.step,
                                    .layer = row.layer,
                                    .phase = row.phase,
                                    .first_row = static_cast<std::uint32_t>(i)});
        }
        ++trace.events.back().n_rows;
        trace.experts.push_back(row.expert);
        trace.weights.push_back(row.weight);
        trace.n_layers = std::max(trace.n_layers, row.layer + 1);
        trace.n_experts = std::max(trace.n_experts, row.expert + 1);
        trace.experts_per_token = std::max(trace.experts_per_token, row.slot + 1);
    }
}

std::optional<std::string_view> TextLines::next() {
    if (rest_.empty()) return std::nullopt;
    ++number_;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

io::Error TextLines::error(std::string_view what, std::string_view value) const {
    return io::Error{fmt::format("{}:{}: {}: '{}'", name_, number_, what, io::printable(value))};
}

}  // namespace greenroom::runtime
