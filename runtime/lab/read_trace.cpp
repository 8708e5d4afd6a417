#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <tuple>

#include "io/file.hpp"
#include "io/json.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {
namespace {

using io::Result;

constexpr std::uint64_t kLargestFile = 1ull << 30;
constexpr int kMostLayers = 4096;

// One row of any format.
struct Row {
    std::uint32_t turn = 0, step = 0;
    Phase phase = Phase::decode;
    std::uint16_t layer = 0, slot = 0, expert = 0;
    float weight = 0;
};

// A prompt goes through layer by layer; a decoded token, too, but one token at a time.
auto order_of(const Row& r) {
    const bool prefill = r.phase == Phase::prefill;
    return std::tuple(
        r.turn, r.phase, prefill ? r.layer : r.step, prefill ? r.step : r.layer, r.slot);
}

bool same_event(const Row& a, const Row& b) {
    return a.turn == b.turn && a.phase == b.phase && a.layer == b.layer &&
           (a.phase == Phase::prefill || a.step == b.step);
}

void build_events(std::vector<Row>& rows, Trace& trace) {
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return order_of(a) < order_of(b);
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        if (i == 0 || !same_event(rows[i - 1], row)) {
            trace.events.push_back({.step = row.step,
                                    .layer = row.layer,
                                    .phase = row.phase,
                                    .first_row = static_cast<std::uint32_t>(i),
                                    .n_rows = 0});
        }
        ++trace.events.back().n_rows;
        trace.experts.push_back(row.expert);
        trace.weights.push_back(row.weight);
        trace.n_layers = std::max(trace.n_layers, row.layer + 1);
        trace.n_experts = std::max(trace.n_experts, row.expert + 1);
        trace.experts_per_token = std::max(trace.experts_per_token, row.slot + 1);
    }
}

// The lines of a text with their numbers, for messages.
class Lines {
 public:
    Lines(std::string_view text, std::string name) : rest_(text), name_(std::move(name)) {}

    std::optional<std::string_view> next() {
        if (rest_.empty()) return std::nullopt;
        ++number_;
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }
    io::Error error(std::string_view what, std::string_view value) const {
        return io::Error{
            fmt::format("{}:{}: {}: '{}'", name_, number_, what, io::printable(value))};
    }

 private:
    std::string_view rest_;
    std::string name_;
    std::size_t number_ = 0;
};

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
    std::string_view value = line.substr(at + name.size() + 2);
    return parse<std::uint64_t>(value.substr(0, value.find(' ')));
}

Result<void> read_preamble(std::string_view line, Lines& lines, Trace& trace) {
    const auto layer = preamble_number(line, "layer");
    const auto bytes = preamble_number(line, "expert_bytes");
    if (layer && bytes) {
        if (*layer >= kMostLayers) return lines.error("layer out of range", line);
        trace.expert_bytes.resize(std::max<std::size_t>(trace.expert_bytes.size(), *layer + 1));
        trace.expert_bytes[*layer] = *bytes;
    }
    const std::size_t model = line.find(" model=");
    if (model != std::string_view::npos) {
        const std::string_view value = line.substr(model + 7);
        trace.model = value.substr(0, value.find(' '));
    }
    return {};
}

Result<Row> parse_csv_row(std::string_view line, const Lines& lines) {
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
        *layer >= kMostLayers || *expert == 0xffff || *slot == 0xffff) {
        return lines.error("not a row of turn,phase,step,layer,slot,expert,weight,…", line);
    }
    return Row{*turn,
               *step,
               *phase == 0 ? Phase::prefill : Phase::decode,
               *layer,
               *slot,
               *expert,
               *weight};
}

Result<Trace> read_route_csv(Lines lines) {
    Trace trace;
    std::vector<Row> rows;
    while (const auto line = lines.next()) {
        if (line->empty() || line->starts_with("turn,")) continue;
        if (line->starts_with('#')) {
            if (auto ok = read_preamble(*line, lines, trace); !ok) return ok.error();
            continue;
        }
        auto row = parse_csv_row(*line, lines);
        if (!row) return row.error();
        rows.push_back(*row);
    }
    build_events(rows, trace);
    return trace;
}

Result<void> read_json_line(std::string_view line, const Lines& lines, std::vector<Row>& rows) {
    auto object = io::parse_json(line, "line");
    if (!object) return lines.error(object.error().message, line);
    const auto number = [&](const char* name) -> std::optional<std::uint32_t> {
        const auto at = object->find(name);
        if (at == object->end() || !at->is_number_unsigned()) return std::nullopt;
        const auto value = at->get<std::uint64_t>();
        return value < 0xffff'ffff ? std::optional(static_cast<std::uint32_t>(value))
                                   : std::nullopt;
    };
    const auto problem = number("problem_id"), layer = number("layer"), token = number("token_idx");
    const auto experts = object->find("experts"), probabilities = object->find("gating_probs");
    if (!problem || !layer || *layer >= kMostLayers || !token || experts == object->end() ||
        !experts->is_array() || probabilities == object->end() || !probabilities->is_array() ||
        experts->size() != probabilities->size() || experts->size() > 0xffff) {
        return lines.error("not a routing row", line);
    }
    for (std::size_t i = 0; i < experts->size(); ++i) {
        const io::Json& expert = (*experts)[i];
        const io::Json& weight = (*probabilities)[i];
        if (!expert.is_number_unsigned() || expert.get<std::uint64_t>() >= 0xffff ||
            !weight.is_number()) {
            return lines.error("expert ids or probabilities out of range", line);
        }
        rows.push_back({*problem,
                        *token,
                        Phase::decode,
                        static_cast<std::uint16_t>(*layer),
                        static_cast<std::uint16_t>(i),
                        expert.get<std::uint16_t>(),
                        weight.get<float>()});
    }
    return {};
}

Result<Trace> read_speculative_jsonl(Lines lines) {
    Trace trace;
    std::vector<Row> rows;
    while (const auto line = lines.next()) {
        if (line->empty()) continue;
        if (auto ok = read_json_line(*line, lines, rows); !ok) return ok.error();
    }
    build_events(rows, trace);
    trace.expert_bytes.assign(static_cast<std::size_t>(trace.n_layers), 1);
    return trace;
}

}  // namespace

Result<Trace> read_trace(const std::filesystem::path& path) {
    auto text = io::read_text_file(path, kLargestFile);
    if (!text) return text.error();
    const Lines lines(*text, path.string());
    auto trace =
        text->starts_with("# route_trace v1") ? read_route_csv(lines)
        : text->starts_with("{")
            ? read_speculative_jsonl(lines)
            : Result<Trace>(io::Error{fmt::format("{}: not a known trace format", path.string())});
    if (!trace) return trace.error();
    if (trace->events.empty()) return io::Error{fmt::format("{}: no rows", path.string())};
    if (trace->expert_bytes.size() < static_cast<std::size_t>(trace->n_layers)) {
        return io::Error{fmt::format("{}: expert_bytes are stated for {} layers, rows name {}",
                                     path.string(),
                                     trace->expert_bytes.size(),
                                     trace->n_layers)};
    }
    return trace;
}

}  // namespace greenroom::runtime
