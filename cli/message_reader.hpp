// Puts lines together to messages: """ begins one of several lines and ends it.
#pragma once

#include <string>

#include "cli/line_reader.hpp"

namespace greenroom::cli {

struct Message {
    TypedLine::End end = TypedLine::End::line;
    std::string text;           // whole and valid UTF-8; may be empty
    bool is_command = false;    // begins with "/" and was not quoted
    bool dropped_text = false;  // with End::interrupted
};

// Remembers what it reads for the arrow keys.
Message read_message(LineReader& lines);

}  // namespace greenroom::cli
