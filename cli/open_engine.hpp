// How a command gets the model it works with: the one named or the demo model, with progress for
// those who wait and an end for those who press Ctrl-C.
#pragma once

#include <optional>

#include "cli/shared_flags.hpp"
#include "cli/signals.hpp"
#include "runtime/generate/engine.hpp"

namespace greenroom::cli {

// What stands on the command line of a command that works with a model.
struct ModelCommand {
    std::string_view name;
    runtime::Settings settings = {};
    SharedFlags shared = {};
};

// Loads `command.settings.model` into `engine`. Empty: go on. Else the exit code: the error has
// been printed.
std::optional<int> open_engine(ModelCommand& command, Signals& signals, runtime::Engine& engine);

}  // namespace greenroom::cli
