#include "runtime/lab/routing_jsonl.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "io/json.hpp"
#include "runtime/lab/trace_rows.hpp"

namespace greenroom::runtime {
namespace {

using io::Result;

std::optional<std::uint32_t> number(const io::Json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_number_unsigned()) return std::nullopt;
    const auto value = at->get<std::uint64_t>();
    if (value >= 0xffff'ffff) return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

// Expert and weight `i` of a line.
Result<void> read_choice(const io::Json& expert, const io::Json& weight, TraceRow& row) {
    if (!expert.is_number_unsigned() || expert.get<std::uint64_t>() >= 0xffff ||
        !weight.is_number()) {
        return io::Error{"expert ids or probabilities out of range"};
    }
    row.expert = expert.get<std::uint16_t>();
    row.weight = weight.get<float>();
    return {};
}

Result<void> read_line(std::string_view line, const TextLines& lines, std::vector<TraceRow>& rows) {
    const auto object = io::parse_json(line, "line");
    if (!object) return lines.error(object.error().message, line);
    if (!object->is_object()) return lines.error("not an object", line);
    const auto problem = number(*object, "problem_id"), layer = number(*object, "layer"),
               token = number(*object, "token_idx");
    const auto experts = object->find("experts"), weights = object->find("gating_probs");
    if (!problem || !layer || *layer >= kMostTraceLayers || !token || experts == object->end() ||
        !experts->is_array() || weights == object->end() || !weights->is_array() ||
        experts->size() != weights->size() || experts->size() > 0xffff) {
        return lines.error("not a routing row", line);
    }
    for (std::size_t i = 0; i < experts->size(); ++i) {
        TraceRow row{.turn = *problem,
                     .step = *token,
                     .phase = Phase::decode,
                     .layer = static_cast<std::uint16_t>(*layer),
                     .slot = static_cast<std::uint16_t>(i)};
        if (auto ok = read_choice((*experts)[i], (*weights)[i], row); !ok) {
            return lines.error(ok.error().message, line);
        }
        rows.push_back(row);
    }
    return {};
}

}  // namespace

Result<Trace> parse_routing_jsonl(std::string_view text, const std::string& name) {
    TextLines lines(text, name);
    Trace trace;
    std::vector<TraceRow> rows;
    while (const auto line = lines.next()) {
        if (line->empty()) continue;
        if (auto ok = read_line(*line, lines, rows); !ok) return ok.error();
    }
    build_events(rows, trace);
    if (trace.events.empty()) return io::Error{fmt::format("{}: no rows", name)};
    const std::vector<std::uint64_t> one(static_cast<std::size_t>(trace.n_layers), 1);
    if (auto ok = trace.set_layer_bytes(one); !ok) {
        return io::Error{fmt::format("{}: {}", name, ok.error().message)};
    }
    return trace;
}

std::string routing_jsonl(const Trace& trace) {
    std::string out;
    const auto k = static_cast<std::uint32_t>(std::max(trace.experts_per_token, 1));
    for (const TraceEvent& event : trace.events) {
        for (std::uint32_t first = 0; first < event.n_rows; first += k) {
            io::Json experts = io::Json::array(), weights = io::Json::array();
            for (std::uint32_t i = first; i < std::min(first + k, event.n_rows); ++i) {
                experts.push_back(trace.experts[event.first_row + i]);
                weights.push_back(trace.weights[event.first_row + i]);
            }
            out += io::Json{{"dataset", "greenroom"},
                            {"problem_id", 0},
                            {"layer", event.layer},
                            {"experts", std::move(experts)},
                            {"gating_probs", std::move(weights)},
                            {"token_idx", event.step + first / k}}
                       .dump() +
                   "\n";
        }
    }
    return out;
}

}  // namespace greenroom::runtime
