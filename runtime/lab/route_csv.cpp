#include "runtime/lab/route_csv.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>
#include <optional>

#include "runtime/lab/trace_rows.hpp"

namespace greenroom::runtime {
namespace {

using io::Result;

template <class T>
std::optional<T> parse(std::string_view text) {
    T value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "name=" in a preamble line, up to the next space.
std::optional<std::uint64_t> preamble_number(std::string_view line, std::string_view name) {
    const std::size_t at = line.find(fmt::format(" {}=", name));
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view value = line.substr(at + name.size() + 2);
    return parse<std::uint64_t>(value.substr(0, value.find(' ')));
}

// What the lines that begin with "#" say.
struct Preamble {
    std::vector<std::uint64_t> expert_bytes, dense_bytes;  // per layer
};

Result<void> read_layer_line(std::string_view line, const TextLines& lines, Preamble& out) {
    const auto layer = preamble_number(line, "layer");
    const auto bytes = preamble_number(line, "expert_bytes");
    if (!layer || !bytes) return {};
    if (*layer >= kMostTraceLayers) return lines.error("layer out of range", line);
    const std::size_t n = std::max<std::size_t>(out.expert_bytes.size(), *layer + 1);
    out.expert_bytes.resize(n);
    out.dense_bytes.resize(n);
    out.expert_bytes[*layer] = *bytes;
    out.dense_bytes[*layer] = preamble_number(line, "dense_bytes").value_or(0);
    return {};
}

Result<void> read_model_line(std::string_view line, const TextLines& lines, Trace& trace) {
    const std::size_t model = line.find(" model=");
    if (model == std::string_view::npos) return {};
    const std::string_view value = line.substr(model + 7);
    trace.model = value.substr(0, value.find(' '));
    const std::pair<std::string_view, int*> numbers[] = {
        {"n_layer", &trace.n_layers},
        {"n_expert", &trace.n_experts},
        {"n_expert_used", &trace.experts_per_token}};
    for (const auto& [name, place] : numbers) {
        const auto number = preamble_number(line, name);
        if (!number) continue;
        const std::uint64_t most = name == "n_layer" ? kMostTraceLayers : 0xffff;
        if (*number > most) return lines.error(fmt::format("{} out of range", name), line);
        *place = static_cast<int>(*number);
    }
    return {};
}

Result<TraceRow> parse_row(std::string_view line, const TextLines& lines) {
    std::string_view fields[9];
    std::string_view rest = line;
    for (std::string_view& field : fields) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        field = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto turn = parse<std::uint32_t>(fields[0]);
    const auto phase = parse<std::uint8_t>(fields[1]);
    const auto step = parse<std::uint32_t>(fields[2]);
    const auto layer = parse<std::uint16_t>(fields[3]);
    const auto slot = parse<std::uint16_t>(fields[4]);
    const auto expert = parse<std::uint16_t>(fields[5]);
    const auto weight = parse<float>(fields[6]);
    if (!turn || !phase || *phase > 1 || !step || !layer || !slot || !expert || !weight ||
        *layer >= kMostTraceLayers || *expert == 0xffff || *slot == 0xffff) {
        return lines.error("not a row of turn,phase,step,layer,slot,expert,weight,…", line);
    }
    return TraceRow{.turn = *turn,
                    .step = *step,
                    .phase = *phase == 0 ? Phase::prefill : Phase::decode,
                    .layer = *layer,
                    .slot = *slot,
                    .expert = *expert,
                    .weight = *weight};
}

// Several prompts in one trace are told apart by their turn.
std::vector<std::uint32_t> turns(const Trace& trace) {
    std::vector<std::uint32_t> out;
    std::uint32_t turn = 0;
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        const TraceEvent& event = trace.events[i];
        const bool begins_prompt = event.phase == Phase::prefill && i > 0 &&
                                   (trace.events[i - 1].phase == Phase::decode ||
                                    trace.events[i - 1].layer >= event.layer);
        turn += begins_prompt ? 1 : 0;
        out.push_back(turn);
    }
    return out;
}

std::uint64_t layer_bytes(const Trace& trace, int layer) {
    const auto n = static_cast<std::size_t>(trace.n_experts);
    const auto of_layer =
        std::span(trace.expert_bytes).subspan(static_cast<std::size_t>(layer) * n, n);
    return *std::ranges::max_element(of_layer);
}

}  // namespace

Result<Trace> parse_route_csv(std::string_view text, const std::string& name) {
    TextLines lines(text, name);
    Trace trace;
    Preamble preamble;
    std::vector<TraceRow> rows;
    while (const auto line = lines.next()) {
        if (line->empty() || line->starts_with("turn,")) continue;
        if (line->starts_with('#')) {
            if (auto ok = read_layer_line(*line, lines, preamble); !ok) return ok.error();
            if (auto ok = read_model_line(*line, lines, trace); !ok) return ok.error();
            continue;
        }
        const auto row = parse_row(*line, lines);
        if (!row) return row.error();
        rows.push_back(*row);
    }
    build_events(rows, trace);
    if (trace.events.empty()) return io::Error{fmt::format("{}: no rows", name)};
    if (preamble.expert_bytes.size() < static_cast<std::size_t>(trace.n_layers)) {
        return io::Error{fmt::format("{}: expert_bytes are stated for {} layers, rows name {}",
                                     name,
                                     preamble.expert_bytes.size(),
                                     trace.n_layers)};
    }
    trace.n_layers = static_cast<int>(preamble.expert_bytes.size());
    if (auto ok = trace.set_layer_bytes(preamble.expert_bytes); !ok) {
        return io::Error{fmt::format("{}: {}", name, ok.error().message)};
    }
    for (const std::uint64_t bytes : preamble.dense_bytes) trace.dense_bytes += bytes;
    return trace;
}

std::string route_csv(const Trace& trace) {
    std::string model = trace.model.empty() ? "unknown" : trace.model;
    std::ranges::replace(model, ' ', '_');
    std::string out = fmt::format(
        "# route_trace v1\n# model={} arch=unknown n_layer={} n_expert={} n_expert_used={}\n",
        model,
        trace.n_layers,
        trace.n_experts,
        trace.experts_per_token);
    for (int layer = 0; layer < trace.n_layers; ++layer) {
        const auto n = static_cast<std::uint64_t>(trace.n_layers);
        const std::uint64_t rest = layer == 0 ? trace.dense_bytes % n : 0;
        fmt::format_to(std::back_inserter(out),
                       "# layer={} expert_bytes={} dense_bytes={}\n",
                       layer,
                       layer_bytes(trace, layer),
                       trace.dense_bytes / n + rest);
    }
    out += "turn,phase,step,layer,slot,expert,weight,residency,expert_bytes\n";
    const std::vector<std::uint32_t> turn = turns(trace);
    const auto k = static_cast<std::uint32_t>(std::max(trace.experts_per_token, 1));
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        const TraceEvent& event = trace.events[i];
        for (std::uint32_t r = 0; r < event.n_rows; ++r) {
            const std::size_t row = event.first_row + r;
            const bool resident =
                !trace.outcomes.empty() && trace.outcomes[row] == TraceOutcome::hit;
            fmt::format_to(std::back_inserter(out),
                           "{},{},{},{},{},{},{},{},{}\n",
                           turn[i],
                           event.phase == Phase::prefill ? 0 : 1,
                           event.step + (event.phase == Phase::prefill ? r / k : 0),
                           event.layer,
                           r % k,
                           trace.experts[row],
                           trace.weights[row],
                           resident ? 1 : 0,
                           layer_bytes(trace, event.layer));
        }
    }
    return out;
}

}  // namespace greenroom::runtime
