// Where the lines that were typed are kept from one chat to the next. A home that is missing or
// read-only means a history that ends with the program, never an error.
#pragma once

#include <filesystem>

namespace greenroom::cli {

// $XDG_STATE_HOME/greenroom/history, or under ~/.local/state; its folder is made. Empty when there
// is nowhere to keep it.
std::filesystem::path history_file();

}  // namespace greenroom::cli
