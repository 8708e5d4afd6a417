#include "runtime/lab/read_trace.hpp"
#include "runtime/lab/replay.hpp"
#include "runtime/lab/route_csv.hpp"
#include "runtime/lab/routing_jsonl.hpp"
#include "tests/fuzz/target.hpp"

using namespace greenroom;

// Any bytes are an error, or a trace that can be written, read again and replayed.
void fuzz_trace(std::span<const std::byte> bytes) {
    const std::string_view text = fuzz::text_of(bytes);
    const std::string_view format = runtime::trace_format_of(text);
    auto trace = format == "bigmoe-csv" ? runtime::parse_route_csv(text, "input")
                 : format == "speculative-jsonl"
                     ? runtime::parse_routing_jsonl(text, "input")
                     : runtime::read_trace_bytes(io::MemorySource("input", bytes));
    if (!trace) return fuzz::check_message(trace.error().message);
    if (const auto whole = runtime::check_trace(*trace); !whole) {
        return fuzz::check_message(whole.error().message);
    }
    const std::string written = runtime::trace_bytes(*trace);
    const auto again =
        runtime::read_trace_bytes(io::MemorySource("again", std::as_bytes(std::span(written))));
    fuzz::check(again.ok(), "what is written can be read");
    const auto counts = runtime::replay(runtime::ReplayInput(*again), {.budget_bytes = 1u << 20});
    fuzz::check(counts && counts->hits <= counts->lookups, "it can be replayed");
}
