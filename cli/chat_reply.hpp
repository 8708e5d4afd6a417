// One reply of a chat: asked for, printed as it comes, stopped by Ctrl-C.
#pragma once

#include <string_view>

#include "cli/chat_state.hpp"

namespace greenroom::cli {

// An Error leaves the conversation as it was. Both end the chat when standard output can no longer
// be written.
io::Result<void> ask(ChatState& state, std::string_view message);
io::Result<void> ask_again(ChatState& state);

// A line for the person, beside what the program prints.
void tell(std::string_view text);

}  // namespace greenroom::cli
