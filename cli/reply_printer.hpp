// A reply on standard output as it comes: plain bytes for a file or a pipe, harmless and broken
// between words on a terminal.
#pragma once

#include <string_view>

#include "cli/terminal_text.hpp"

namespace greenroom::cli {

class ReplyPrinter {
 public:
    ReplyPrinter();
    // `text` is whole characters. False when standard output can no longer be written.
    bool print(std::string_view text);
    // The end of the reply, with a line break where the text has none.
    bool finish();

 private:
    const bool terminal_;
    WordWrap wrap_;
    bool line_open_ = false;
};

}  // namespace greenroom::cli
