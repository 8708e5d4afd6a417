#include "runtime/lab/trace_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>

#include "io/read/header_cursor.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::uint64_t kLongestName = 4096;
constexpr std::uint64_t kPiece = 1u << 16;  // values read at once

// As they lie in the file.
struct EventRecord {
    std::uint32_t step, n_rows, first_token, n_tokens;
    std::uint16_t layer;
    std::uint8_t phase, zero;
};
static_assert(sizeof(EventRecord) == 20);

struct PredictionRecord {
    std::uint32_t event, n_guesses;
    std::uint16_t layer, zero;
};
static_assert(sizeof(PredictionRecord) == 12);

// What stands between the model's name and the sizes.
struct Kinds {
    std::uint8_t per_expert;    // sizes: one per expert, else one per layer
    std::uint8_t float_bytes;   // 2 or 4
    std::uint8_t has_outcomes;  // 0 or 1
    std::uint8_t zero;
};

struct Counts {
    std::uint64_t events, rows, tokens, predictions, guesses;
};

template <class T>
void put(std::string& out, const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <class T>
void put_column(std::string& out, const std::vector<T>& values) {
    out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

void put_floats(std::string& out, const std::vector<float>& values, TraceFloats floats) {
    if (floats == TraceFloats::f32) return put_column(out, values);
    for (const float value : values) put(out, kernels::f32_to_f16(value));
}

// One size per layer, or empty where experts of a layer differ.
std::vector<std::uint64_t> layer_sizes(const Trace& trace) {
    std::vector<std::uint64_t> out;
    const auto n = static_cast<std::size_t>(trace.n_experts);
    for (std::size_t at = 0; at < trace.expert_bytes.size(); at += n) {
        const auto layer = std::span(trace.expert_bytes).subspan(at, n);
        const auto same = [&](std::uint64_t bytes) { return bytes == layer[0]; };
        if (!std::ranges::all_of(layer, same)) return {};
        out.push_back(layer[0]);
    }
    return out;
}

class TraceReader {
 public:
    explicit TraceReader(const io::ByteSource& source) : source_(source), in_(source, budget_) {}

    io::Result<Trace> read() {
        if (!read_header() || !read_sizes() || !read_counts() || !read_events() ||
            !read_columns() || !read_predictions()) {
            return error(problem_.empty() ? in_.error().message : problem_);
        }
        if (in_.left() != 0) return error(fmt::format("{} bytes behind the end", in_.left()));
        if (auto ok = check_trace(trace_); !ok) return error(ok.error().message);
        return std::move(trace_);
    }

 private:
    io::Error error(std::string_view what) const {
        return io::Error{fmt::format("{}: {}", source_.name(), what)};
    }
    bool fail(std::string what) {
        problem_ = std::move(what);
        return false;
    }

    template <class T>
    bool read_struct(std::string_view field, T& out) {
        std::array<std::byte, sizeof(T)> raw;
        if (!in_.read_bytes(field, raw)) return false;
        std::memcpy(&out, raw.data(), sizeof(T));
        return true;
    }

    // Grows with what has been read, not with what is promised.
    template <class T>
    bool read_column(std::string_view field, std::uint64_t n, std::vector<T>& out) {
        if (n > in_.left() / sizeof(T)) {
            return fail(fmt::format(
                "{}: {} of {} bytes each; the file has {} left", field, n, sizeof(T), in_.left()));
        }
        while (out.size() < n) {
            const std::size_t begin = out.size();
            out.resize(begin + std::min(n - begin, kPiece));
            const auto piece = std::span(out).subspan(begin);
            if (!in_.read_bytes(field, std::as_writable_bytes(piece))) return false;
        }
        return true;
    }

    bool read_floats(std::string_view field, std::uint64_t n, std::vector<float>& out) {
        if (kinds_.float_bytes == 4) return read_column(field, n, out);
        std::vector<std::uint16_t> halves;
        if (!read_column(field, n, halves)) return false;
        for (const std::uint16_t half : halves) out.push_back(kernels::f16_to_f32(half));
        return true;
    }

    bool read_header() {
        std::array<char, kTraceMagic.size()> magic;
        if (!in_.read_bytes("magic", std::as_writable_bytes(std::span(magic)))) return false;
        if (std::string_view(magic.data(), magic.size()) != kTraceMagic) {
            return fail("not a trace of this program");
        }
        std::uint32_t version = 0, layers = 0, experts = 0, used = 0;
        if (!in_.read("version", version)) return false;
        if (version != kTraceVersion) {
            return fail(fmt::format("version {}; this program reads {}", version, kTraceVersion));
        }
        if (!in_.read("layers", layers) || !in_.read("experts", experts) ||
            !in_.read("experts per token", used) ||
            !in_.read_string("model", kLongestName, trace_.model) ||
            !in_.read("dense bytes", trace_.dense_bytes) || !read_struct("kinds", kinds_)) {
            return false;
        }
        if (layers > kMostTraceLayers || experts > 0xffff || used > experts) {
            return fail(
                fmt::format("{} layers, {} experts, {} of them used", layers, experts, used));
        }
        if (kinds_.per_expert > 1 || (kinds_.float_bytes != 2 && kinds_.float_bytes != 4) ||
            kinds_.has_outcomes > 1) {
            return fail("kinds of sizes, floats or outcomes that are not known");
        }
        trace_.n_layers = static_cast<int>(layers);
        trace_.n_experts = static_cast<int>(experts);
        trace_.experts_per_token = static_cast<int>(used);
        return true;
    }

    bool read_sizes() {
        const auto layers = static_cast<std::uint64_t>(trace_.n_layers);
        if (kinds_.per_expert == 1) {
            const auto experts = static_cast<std::uint64_t>(trace_.n_experts);
            return read_column("expert sizes", layers * experts, trace_.expert_bytes);
        }
        std::vector<std::uint64_t> sizes;
        if (!read_column("expert sizes", layers, sizes)) return false;
        const auto ok = trace_.set_layer_bytes(sizes);
        return ok || fail(ok.error().message);
    }

    bool read_counts() { return read_struct("counts", counts_); }

    bool read_events() {
        std::vector<EventRecord> records;
        if (!read_column("events", counts_.events, records)) return false;
        std::uint64_t row = 0;
        for (const EventRecord& record : records) {
            if (record.phase > 1) return fail(fmt::format("phase {}", record.phase));
            if (row + record.n_rows > counts_.rows) {
                return fail(fmt::format("events of more than {} rows", counts_.rows));
            }
            trace_.events.push_back({.step = record.step,
                                     .layer = record.layer,
                                     .phase = Phase{record.phase},
                                     .first_row = static_cast<std::uint32_t>(row),
                                     .n_rows = record.n_rows,
                                     .first_token = record.first_token,
                                     .n_tokens = record.n_tokens});
            row += record.n_rows;
        }
        return true;
    }

    bool read_columns() {
        if (!read_column("experts", counts_.rows, trace_.experts) ||
            !read_floats("weights", counts_.rows, trace_.weights)) {
            return false;
        }
        if (kinds_.has_outcomes == 1) {
            if (!read_column("outcomes", counts_.rows, trace_.outcomes)) return false;
            const auto known = [](TraceOutcome o) { return o <= TraceOutcome::miss; };
            if (!std::ranges::all_of(trace_.outcomes, known)) return fail("an unknown outcome");
        }
        return read_column("tokens", counts_.tokens, trace_.tokens);
    }

    bool read_predictions() {
        std::vector<PredictionRecord> records;
        if (!read_column("predictions", counts_.predictions, records)) return false;
        std::uint64_t guess = 0;
        for (const PredictionRecord& record : records) {
            if (guess + record.n_guesses > counts_.guesses) {
                return fail(fmt::format("predictions of more than {} guesses", counts_.guesses));
            }
            trace_.predictions.push_back({.event = record.event,
                                          .layer = record.layer,
                                          .first_guess = static_cast<std::uint32_t>(guess),
                                          .n_guesses = record.n_guesses});
            guess += record.n_guesses;
        }
        return read_column("guesses", counts_.guesses, trace_.guess_experts) &&
               read_floats("probabilities", counts_.guesses, trace_.guess_probabilities);
    }

    const io::ByteSource& source_;
    io::HeaderBudget budget_;
    io::HeaderCursor in_;
    std::string problem_;
    Kinds kinds_{};
    Counts counts_{};
    Trace trace_;
};

}  // namespace

std::string trace_bytes(const Trace& trace, TraceFloats floats) {
    const std::vector<std::uint64_t> sizes = layer_sizes(trace);
    std::string out(kTraceMagic);
    put(out, kTraceVersion);
    for (const int n : {trace.n_layers, trace.n_experts, trace.experts_per_token}) {
        put(out, static_cast<std::uint32_t>(n));
    }
    const std::string_view model = std::string_view(trace.model).substr(0, kLongestName);
    put(out, std::uint64_t{model.size()});
    out += model;
    put(out, trace.dense_bytes);
    put(out,
        Kinds{.per_expert = std::uint8_t(sizes.empty() ? 1 : 0),
              .float_bytes = std::uint8_t(floats == TraceFloats::f32 ? 4 : 2),
              .has_outcomes = std::uint8_t(trace.outcomes.empty() ? 0 : 1),
              .zero = 0});
    put_column(out, sizes.empty() ? trace.expert_bytes : sizes);
    put(out,
        Counts{trace.events.size(),
               trace.experts.size(),
               trace.tokens.size(),
               trace.predictions.size(),
               trace.guess_experts.size()});
    for (const TraceEvent& e : trace.events) {
        put(out,
            EventRecord{e.step,
                        e.n_rows,
                        e.first_token,
                        e.n_tokens,
                        e.layer,
                        static_cast<std::uint8_t>(e.phase),
                        0});
    }
    put_column(out, trace.experts);
    put_floats(out, trace.weights, floats);
    put_column(out, trace.outcomes);
    put_column(out, trace.tokens);
    for (const TracePrediction& p : trace.predictions) {
        put(out, PredictionRecord{p.event, p.n_guesses, p.layer, 0});
    }
    put_column(out, trace.guess_experts);
    put_floats(out, trace.guess_probabilities, floats);
    return out;
}

io::Result<Trace> read_trace_bytes(const io::ByteSource& source) {
    return TraceReader(source).read();
}

}  // namespace greenroom::runtime
