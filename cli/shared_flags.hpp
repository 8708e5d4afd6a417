// The flags that mean the same in every command, and how a command starts: flags, settings file,
// --set, in that order of power.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "runtime/settings.hpp"

namespace greenroom::cli {

struct SharedFlags {
    std::string config = {};             // --config FILE
    std::vector<std::string> sets = {};  // --set section.key=value
    bool json = false;
    bool verbose = false;
    bool quiet = false;
};

// The groups below bind flags to `settings` and `shared`, which outlive `arguments`.

// -m --config --set: all that commands need which read headers.
void add_path_flags(Arguments& arguments, runtime::Settings& settings, SharedFlags& shared);
// -c --kv-type: what decides how much memory a conversation takes.
void add_context_flags(Arguments& arguments, runtime::Settings& settings);
// -t --exact
void add_compute_flags(Arguments& arguments, runtime::Settings& settings);
// The three above, and --load.
void add_model_flags(Arguments& arguments, runtime::Settings& settings, SharedFlags& shared);
// -n --ignore-eos --system
void add_reply_flags(Arguments& arguments, runtime::Settings& settings);
// --context-overflow --stats
void add_chat_flags(Arguments& arguments, runtime::Settings& settings);
// -s --temp --top-k --top-p --min-p --repeat-penalty and the penalties that help does not list.
void add_sampling_flags(Arguments& arguments, runtime::Settings& settings);
// --json -v -q
void add_output_flags(Arguments& arguments, SharedFlags& shared);
// -v -q, for commands whose output is for people only.
void add_note_flags(Arguments& arguments, SharedFlags& shared);

// Parses argv, reads --config and applies --set. Empty: go on. Else the exit code: the help or the
// error has been printed.
std::optional<int> start_command(Arguments& arguments,
                                 CommandLine argv,
                                 runtime::Settings& settings,
                                 const SharedFlags& shared);

// "greenroom run: MESSAGE" on stderr; returns the code, for `return fail(...)`.
int fail(std::string_view command, std::string_view message, ExitCode code = kWorldsFault);
// "note: MESSAGE" on stderr, unless --quiet.
void note(const SharedFlags& shared, std::string_view message);

}  // namespace greenroom::cli
