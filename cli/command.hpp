// A command of the program: its name, its line in --help, what it does.
#pragma once

#include <span>
#include <string_view>

namespace greenroom::cli {

// What the program's exit status says.
enum ExitCode : int {
    kDone = 0,
    kWorldsFault = 1,  // a file, a device, a model; one line on stderr says what
    kUsageError = 2,   // the command line makes no sense
};

// argv[0] is the command's own name.
using CommandLine = std::span<const char* const>;

struct Command {
    std::string_view name;
    std::string_view summary;  // one line of `greenroom --help`
    int (*run)(CommandLine argv);
};

}  // namespace greenroom::cli
