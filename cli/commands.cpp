#include "cli/commands.hpp"

#include <array>

namespace greenroom::cli {

std::span<const Command> commands() {
    static constexpr std::array kCommands = {
        Command{"inspect", "what a model is: sizes, types, the memory it takes", inspect},
        Command{"tokenize", "text to token ids and back", tokenize},
    };
    return kCommands;
}

}  // namespace greenroom::cli
