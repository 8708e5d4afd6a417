// What a person can say to the chat instead of to the model: /help, /save, /set and the rest.
#pragma once

#include <string>
#include <string_view>

#include "cli/chat_state.hpp"
#include "io/result.hpp"

namespace greenroom::cli {

// Obeys a line that begins with "/". The text is for the person; it may be empty. An Error says
// what was wrong with the line, and names the nearest command for one that is unknown.
io::Result<std::string> obey(ChatState& state, std::string_view line);

// The commands, line by line.
std::string chat_help();

}  // namespace greenroom::cli
