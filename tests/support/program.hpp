// Runs the program as a person's shell would: arguments, standard input, environment; and tells how
// it ended and what it printed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/json.hpp"

namespace greenroom::tests {

// Sets a variable of the environment, or with an empty optional removes it.
using EnvironmentChange = std::pair<std::string, std::optional<std::string>>;

struct ProgramCall {
    std::vector<std::string> arguments;  // without the program's own name
    std::string input = {};              // what stands on standard input
    std::vector<EnvironmentChange> environment = {};
    std::filesystem::path folder = {};   // to run in; empty: where the test runs
    std::filesystem::path output = {};   // standard output goes here instead of into `out`
    std::vector<int> closed = {};        // descriptors the program starts without
    std::filesystem::path program = {};  // empty: the one that this build made
    bool without_proc = false;           // where /proc and /sys are empty; see can_hide_proc()
    std::uint64_t address_space = 0;     // bytes it may map; 0: as the test; see can_limit_…()
    int timeout_s = 300;                 // it is killed after that
};

struct ProgramEnd {
    int code = -1;   // exit status; -1 when a signal ended it
    int signal = 0;  // that signal
    bool timed_out = false;
    std::string out, err;

    // The output as JSON; null, and a failure of the test, where it is none.
    io::Json json() const;
};

// Whether a child process may have a view of the file system of its own. Containers often forbid
// it, and the sanitizers need /proc themselves.
bool can_hide_proc();

// Whether the program runs at all with little address space. Sanitizers need most of it.
bool can_limit_address_space();

// The program that this build made.
std::filesystem::path program_path();

ProgramEnd run_program(const ProgramCall& call);
ProgramEnd run_program(std::vector<std::string> arguments);

// In a new child process, before exec: the folder, the environment and the program. Returns only
// when it cannot be started.
void become_program(const ProgramCall& call);

}  // namespace greenroom::tests
