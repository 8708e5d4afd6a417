#include "runtime/lab/simulate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/human.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"
#include "cli/simulate_rows.hpp"
#include "io/file.hpp"
#include "runtime/lab/read_trace.hpp"
#include "runtime/lab/trace_facts.hpp"
#include "runtime/size_list.hpp"

namespace greenroom::cli {
namespace {

struct SimulateCommand {
    runtime::Settings settings;  // cache: what the flags leave open
    SharedFlags shared;
    std::string trace, profile, csv;
    std::string policies, scopes, budgets;
    std::string hardware, host_budget, expert_bytes, overshoot;
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        out.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

io::Result<runtime::SimulationGrid> parse_grid(const SimulateCommand& command) {
    runtime::SimulationGrid grid;
    if (command.policies == "all") {
        for (const std::string_view name : runtime::replay_policies()) {
            grid.policies.emplace_back(name);
        }
    } else {
        grid.policies = split(command.policies);
    }
    for (const std::string& scope : split(command.scopes)) {
        if (scope != "global" && scope != "layer") {
            return io::Error{fmt::format("--scope: expected global or layer, got \"{}\"", scope)};
        }
        grid.scopes.push_back(scope == "layer" ? cache::Scope::layer : cache::Scope::global);
    }
    auto budgets = runtime::parse_size_list(command.budgets);
    if (!budgets) return io::Error{"--budget: " + budgets.error().message};
    grid.budgets = std::move(*budgets);
    return grid;
}

io::Result<std::uint64_t> size_flag(std::string_view flag, const std::string& text) {
    const auto bytes = runtime::parse_bytes(text);
    if (!bytes) return io::Error{fmt::format("{}: {}", flag, bytes.error().message)};
    return *bytes;
}

io::Result<runtime::TimedSettings> parse_machine(const SimulateCommand& command) {
    auto profile = runtime::load_hardware_profile(command.hardware);
    if (!profile) return profile.error();
    runtime::TimedSettings out{.hardware = std::move(*profile)};
    const runtime::PrefetchSection& prefetch = command.settings.prefetch;
    out.predictor = prefetch.predictor;
    out.planner = {.look_ahead = static_cast<std::size_t>(prefetch.look_ahead),
                   .host_look_ahead = static_cast<std::size_t>(prefetch.host_look_ahead),
                   .guesses = static_cast<std::size_t>(prefetch.guesses),
                   .confidence = static_cast<float>(prefetch.confidence)};
    const runtime::Settings& settings = command.settings;
    if (settings.device.residency == "exclusive") out.inclusion = cache::Inclusion::exclusive;
    if (settings.miss.path == "cpu") out.miss = cache::MissRule::cpu;
    if (settings.miss.path == "split") out.miss = cache::MissRule::split;
    if (prefetch.budget != "auto") {
        const auto bytes = size_flag("prefetch.budget", prefetch.budget);
        if (!bytes) return bytes.error();
        out.guess_bytes = *bytes;
    }
    if (command.host_budget.empty()) return out;
    const auto host = size_flag("--host-budget", command.host_budget);
    if (!host) return host.error();
    out.host_budget_bytes = *host;
    return out;
}

// As whoever recorded the trace would count: published replays keep what exceeds a budget.
io::Result<cache::Overshoot> parse_overshoot(const SimulateCommand& command) {
    if (!command.overshoot.empty()) {
        return command.overshoot == "stays" ? cache::Overshoot::stays : cache::Overshoot::leaves;
    }
    const auto format = runtime::trace_format(command.trace);
    if (!format) return format.error();
    return *format == "greenroom" ? cache::Overshoot::leaves : cache::Overshoot::stays;
}

// What a reader of the numbers must know.
void add_notes(const runtime::Trace& trace,
               const runtime::SimulationGrid& grid,
               const SimulateCommand& command) {
    const runtime::TraceFacts facts = runtime::trace_facts(trace);
    if (facts.experts_bytes == trace.expert_bytes.size()) {
        note(command.shared,
             "the trace has no sizes of experts: every one counts as one byte; "
             "--expert-bytes SIZE");
    }
    const bool knows_itself =
        command.profile.empty() && std::ranges::count(grid.policies, "static") > 0;
    if (knows_itself) {
        note(command.shared,
             "static knows the trace that it is judged by; give it another: --profile");
    }
    for (const cache::Scope scope : grid.scopes) {
        const bool cycles = scope == cache::Scope::global && facts.bytes_per_token > 0 &&
                            grid.budgets.front() < facts.bytes_per_token;
        if (cycles) {
            note(command.shared,
                 fmt::format("a global budget below {}, what one token uses, gives lru no hits",
                             human_bytes(facts.bytes_per_token)));
        }
    }
}

// The rows, on standard output and into the CSV file where one is asked for.
class Report {
 public:
    Report(const SimulateCommand& command) : command_(command), csv_(simulation_csv_header()) {
        if (!command.shared.json) print(simulation_table_header(!command.hardware.empty()));
    }
    void add(const runtime::SimulationRow& row) {
        if (command_.shared.json) {
            print_json(simulation_json(row));
        } else {
            print(simulation_table(row));
        }
        csv_ += simulation_csv(row);
    }
    io::Result<void> finish() const {
        if (command_.csv.empty()) return {};
        return runtime::write_text(command_.csv, csv_);
    }

 private:
    const SimulateCommand& command_;
    std::string csv_;
};

// The trace, with sizes of experts where they are given on the command line.
io::Result<runtime::Trace> read_sized_trace(const SimulateCommand& command) {
    auto trace = runtime::read_trace(command.trace);
    if (!trace || command.expert_bytes.empty()) return trace;
    const auto bytes = size_flag("--expert-bytes", command.expert_bytes);
    if (!bytes) return bytes.error();
    const std::vector<std::uint64_t> sizes(static_cast<std::size_t>(trace->n_layers), *bytes);
    if (auto ok = trace->set_layer_bytes(sizes); !ok) return ok.error();
    return trace;
}

int replay_grid(const SimulateCommand& command, runtime::SimulationGrid grid) {
    if (!command.hardware.empty()) {
        auto machine = parse_machine(command);
        if (!machine) return fail("simulate", machine.error().message);
        grid.timed = std::move(*machine);
    }
    const auto trace = read_sized_trace(command);
    if (!trace) return fail("simulate", trace.error().message);
    const auto overshoot = parse_overshoot(command);
    if (!overshoot) return fail("simulate", overshoot.error().message);
    grid.overshoot = *overshoot;
    std::optional<runtime::Trace> profile;
    if (!command.profile.empty()) {
        auto read = runtime::read_trace(command.profile);
        if (!read) return fail("simulate", read.error().message);
        if (auto same = runtime::check_same_model(*trace, *read); !same) {
            return fail("simulate", command.profile + ": " + same.error().message);
        }
        profile = std::move(*read);
    }
    add_notes(*trace, grid, command);
    const runtime::ReplayInput input(*trace,
                                     profile ? &*profile : nullptr,
                                     static_cast<std::uint64_t>(command.settings.cache.seed));
    Report report(command);
    if (grid.timed) {
        note(command.shared,
             fmt::format("tokens/s are estimates for \"{}\", not measured",
                         io::printable(grid.timed->hardware.name)));
    }
    const auto done =
        runtime::simulate(input, grid, [&](const runtime::SimulationRow& row) { report.add(row); });
    if (!done) return fail("simulate", done.error().message);
    if (auto ok = report.finish(); !ok) return fail("simulate", ok.error().message);
    return kDone;
}

void describe(SimulateCommand& command, Arguments& arguments) {
    arguments.add({"trace", "FILE", "the recorded routing; see greenroom trace"}, &command.trace);
    arguments.positional("trace");
    arguments.add({"policy", "NAME,…", "cache policies, or all", "lfu-decay"}, &command.policies);
    arguments.add({"scope", "NAME,…", "global, layer or both", "global"}, &command.scopes);
    arguments.add({"budget", "SIZE,…", "bytes of experts: 4GiB, 1GiB..16GiB, a..b+step"},
                  &command.budgets);
    arguments.add({"profile", "FILE", "trace that the policy static knows", "the trace"},
                  &command.profile);
    arguments.add({"hardware", "FILE", "estimate speed on this machine's profile", "none"},
                  &command.hardware);
    arguments.add({"expert-bytes", "SIZE", "of every expert", "the trace's"},
                  &command.expert_bytes);
    arguments.add({"overshoot", "RULE", "of large events: leaves or stays", "as recorded"},
                  &command.overshoot,
                  {.choices = {"leaves", "stays"}});
    arguments.add({"host-budget", "SIZE", "of host memory below a device", "the machine's"},
                  &command.host_budget);
    const auto add_setting = [&](const Flag& flag, std::string_view name) {
        const runtime::SettingField field = runtime::setting_field(command.settings, name);
        arguments.add(flag, field.place, field.accepts);
    };
    add_setting({"predictor", "NAME", "what guesses coming layers, with --hardware"},
                "prefetch.predictor");
    add_setting({"guess-budget", "SIZE", "bytes for guesses in each tier"}, "prefetch.budget");
    add_setting({"look-ahead", "N", "layers guessed ahead"}, "prefetch.look_ahead");
    add_setting({"guesses", "N", "most for one layer; 0: as many as a token uses"},
                "prefetch.guesses");
    add_setting({"confidence", "P", "no guess below this"}, "prefetch.confidence");
    arguments.add({"csv", "FILE", "the rows as CSV, too"}, &command.csv);
    arguments.add({"config", "FILE", "[cache] [prefetch] [miss] from a TOML file"},
                  &command.shared.config);
    arguments.add({"set", "KEY=VALUE", "one setting, e.g. cache.seed=2"}, &command.shared.sets);
    add_output_flags(arguments, command.shared);
}

}  // namespace

int simulate(CommandLine argv) {
    SimulateCommand command;
    Arguments arguments(
        "simulate",
        "--trace FILE --budget SIZES [flags]",
        "Replays a trace through cache policies: what would have been hits under a\n"
        "budget. The engine decides by the same code. Hits are not speed.");
    describe(command, arguments);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (command.trace.empty()) return fail("simulate", "needs a trace: --trace FILE", kUsageError);
    if (command.budgets.empty()) {
        return fail("simulate", "needs budgets: --budget 1GiB..16GiB", kUsageError);
    }
    if (command.policies.empty()) command.policies = command.settings.cache.policy;
    if (command.scopes.empty()) command.scopes = command.settings.cache.scope;
    const auto grid = parse_grid(command);
    if (!grid) return fail("simulate", grid.error().message, kUsageError);
    return replay_grid(command, *grid);
}

}  // namespace greenroom::cli
