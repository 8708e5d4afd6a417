// The whole program: finds the command that argv names and runs it. No exception leaves it.
#pragma once

#include "cli/command.hpp"

namespace greenroom::cli {

// argv[0] is the program. Returns its exit status.
int run_program(CommandLine argv);

}  // namespace greenroom::cli
