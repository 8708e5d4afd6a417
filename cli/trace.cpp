#include "runtime/lab/trace.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"
#include "io/file.hpp"
#include "runtime/lab/read_trace.hpp"
#include "runtime/lab/trace_facts.hpp"

namespace greenroom::cli {
namespace {

struct TraceCommand {
    runtime::Settings settings;  // none is used; every command takes its flags alike
    SharedFlags shared;
    std::string trace, output, from, to, weights = "f32";
};

io::Json info_json(const runtime::Trace& trace) {
    const runtime::TraceFacts facts = runtime::trace_facts(trace);
    return {
        {"model", io::printable(trace.model)},
        {"layers", trace.n_layers},
        {"experts", trace.n_experts},
        {"experts_per_token", trace.experts_per_token},
        {"experts_bytes", facts.experts_bytes},
        {"dense_bytes", trace.dense_bytes},
        {"prefill_events", facts.prefill_events},
        {"decode_events", facts.decode_events},
        {"decode_tokens", facts.decode_tokens},
        {"lookups", facts.lookups},
        {"experts_used", facts.experts_used},
        {"used_bytes", facts.used_bytes},
        {"bytes_per_token", facts.bytes_per_token},
        {"overlap", facts.overlap},
        {"recorded", {{"hits", facts.hits}, {"guesses", facts.guesses}, {"misses", facts.misses}}},
        {"token_ids", trace.tokens.size()},
        {"predictions", trace.predictions.size()},
        {"predicted_layers_ahead", facts.predicted_layers_ahead}};
}

std::string info_text(const runtime::Trace& trace) {
    const runtime::TraceFacts facts = runtime::trace_facts(trace);
    std::string out = fmt::format(
        "{}\n"
        "  {} layers of {} experts, {} for each token; {} in all\n"
        "  {} events of prompts, {} of {} decoded tokens\n"
        "  {} different experts used, {}\n"
        "  a decoded token uses {} of experts, {:.1f} % of them as the token before\n",
        io::printable(trace.model.empty() ? "unknown model" : trace.model),
        trace.n_layers,
        trace.n_experts,
        trace.experts_per_token,
        human_bytes(facts.experts_bytes),
        facts.prefill_events,
        facts.decode_events,
        facts.decode_tokens,
        facts.experts_used,
        human_bytes(facts.used_bytes),
        human_bytes(facts.bytes_per_token),
        100 * facts.overlap);
    if (!trace.outcomes.empty()) {
        out += fmt::format("  recorded as {} hits, {} guesses, {} misses\n",
                           facts.hits,
                           facts.guesses,
                           facts.misses);
    }
    if (trace.predictions.empty()) return out + "  no predictions of later layers\n";
    return out + fmt::format("  {} predictions, up to {} layers ahead\n",
                             trace.predictions.size(),
                             facts.predicted_layers_ahead);
}

// Parses what follows `trace NAME` and reads the trace; an exit code when that ends the command.
struct Opened {
    std::optional<int> ended;
    runtime::Trace trace = {};
};

Opened open(Arguments& arguments, CommandLine argv, TraceCommand& command) {
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return {ended};
    }
    if (command.trace.empty()) {
        return {fail(arguments.command(), "needs a trace: its file", kUsageError)};
    }
    auto trace = runtime::read_trace(command.trace);
    if (!trace) return {fail(arguments.command(), trace.error().message)};
    return {std::nullopt, std::move(*trace)};
}

void add_trace_file(Arguments& arguments, TraceCommand& command) {
    arguments.add({"trace", "FILE", "a trace of any known format"}, &command.trace);
    arguments.positional("trace");
}

int trace_info(CommandLine argv) {
    TraceCommand command;
    Arguments arguments("trace info", "FILE [flags]", "What a trace holds.");
    add_trace_file(arguments, command);
    add_output_flags(arguments, command.shared);
    const Opened opened = open(arguments, argv, command);
    if (opened.ended) return *opened.ended;
    if (command.shared.json) {
        print_json(info_json(opened.trace));
    } else {
        print(info_text(opened.trace));
    }
    return kDone;
}

int trace_validate(CommandLine argv) {
    TraceCommand command;
    Arguments arguments(
        "trace validate", "FILE [flags]", "Whether a trace is whole, and in its own ranges.");
    add_trace_file(arguments, command);
    add_output_flags(arguments, command.shared);
    const Opened opened = open(arguments, argv, command);
    if (opened.ended) return *opened.ended;
    const std::size_t events = opened.trace.events.size(), rows = opened.trace.experts.size();
    if (command.shared.json) {
        print_json({{"valid", true}, {"events", events}, {"rows", rows}});
    } else {
        print(fmt::format("{}: valid, {} events, {} rows\n", command.trace, events, rows));
    }
    return kDone;
}

// What the other formats have no place for.
void note_losses(const runtime::Trace& trace, std::string_view format, const SharedFlags& shared) {
    if (format == "greenroom") return;
    const bool has_more = !trace.tokens.empty() || !trace.predictions.empty();
    if (has_more) note(shared, fmt::format("{} holds no token ids and no predictions", format));
    if (format == "speculative-jsonl") {
        note(shared, "speculative-jsonl holds no sizes of experts, no prompts and no outcomes");
    }
}

io::Result<void> convert(const TraceCommand& command, const runtime::Trace& trace) {
    const auto floats =
        command.weights == "f16" ? runtime::TraceFloats::f16 : runtime::TraceFloats::f32;
    const auto text = runtime::trace_text(trace, command.to, floats);
    if (!text) return text.error();
    note_losses(trace, command.to, command.shared);
    return runtime::write_text(command.output, *text);
}

int trace_convert(CommandLine argv) {
    TraceCommand command;
    Arguments arguments("trace convert",
                        "FILE --to FORMAT -o FILE [flags]",
                        "The same routing in another format: greenroom (our own), bigmoe-csv,\n"
                        "speculative-jsonl. What a format has no place for is left out.");
    add_trace_file(arguments, command);
    arguments.add({"o,output", "FILE", "the file to write"}, &command.output);
    arguments.add({"from", "FORMAT", "what it must be", "as it says"}, &command.from);
    arguments.add({"to", "FORMAT", "what it becomes", "greenroom"}, &command.to);
    arguments.add({"weights", "TYPE", "of greenroom's router weights: f32 or f16"},
                  &command.weights,
                  {.choices = {"f32", "f16"}});
    add_output_flags(arguments, command.shared);
    const Opened opened = open(arguments, argv, command);
    if (opened.ended) return *opened.ended;
    if (command.output.empty()) {
        return fail("trace convert", "needs a file to write: -o FILE", kUsageError);
    }
    if (command.to.empty()) command.to = "greenroom";
    if (!command.from.empty()) {
        if (auto ok = runtime::expect_format(command.trace, command.from); !ok) {
            return fail("trace convert", ok.error().message);
        }
    }
    const auto done = convert(command, opened.trace);
    return done ? kDone : fail("trace convert", done.error().message);
}

constexpr std::array kCommands = {
    Command{"record", "run a model and write down what it routes", record_trace},
    Command{"info", "what a trace holds", trace_info},
    Command{"validate", "whether a trace is whole", trace_validate},
    Command{"convert", "the same routing in another format", trace_convert},
};

std::string help() {
    std::string out =
        "usage: greenroom trace COMMAND [flags]\n"
        "Traces: which experts a model chose for each token, layer by layer.\n\n";
    for (const Command& command : kCommands) {
        out += fmt::format("  {:<12} {}\n", command.name, command.summary);
    }
    return out + "\n  greenroom trace COMMAND --help   its flags and their defaults\n";
}

}  // namespace

int trace(CommandLine argv) {
    const std::string_view name = argv.size() > 1 ? argv[1] : "";
    for (const Command& command : kCommands) {
        if (command.name == name) return command.run(argv.subspan(1));
    }
    if (name == "--help" || name == "-h") {
        print(help());
        return kDone;
    }
    fail("trace",
         name.empty() ? "needs one of record, info, validate, convert"
                      : fmt::format("no trace command \"{}\"", io::printable(name)),
         kUsageError);
    fmt::print(stderr, "try: greenroom help trace\n");
    return kUsageError;
}

}  // namespace greenroom::cli
