#include <array>

#include "cli/program.hpp"

namespace greenroom::cli {

std::span<const Command> commands() {
    static constexpr std::array<Command, 0> kCommands = {};
    return kCommands;
}

}  // namespace greenroom::cli
