// What the parts of the chat command share: the loop, the replies, the commands behind a slash.
#pragma once

#include <optional>

#include "cli/signals.hpp"
#include "runtime/generate/chat.hpp"

namespace greenroom::cli {

struct ChatState {
    runtime::Engine& engine;
    Signals& signals;
    runtime::Settings settings;
    runtime::Chat chat;
    bool interactive = false;                           // a person types
    std::optional<runtime::Generated> last_reply = {};  // what it was and what it cost
    bool leaving = false;
};

}  // namespace greenroom::cli
