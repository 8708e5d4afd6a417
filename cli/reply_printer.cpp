#include "cli/reply_printer.hpp"

#include <unistd.h>

#include "cli/output.hpp"
#include "cli/terminal.hpp"

namespace greenroom::cli {

ReplyPrinter::ReplyPrinter() : terminal_(is_terminal(STDOUT_FILENO)) {}

bool ReplyPrinter::print(std::string_view text) {
    if (!text.empty()) line_open_ = !text.ends_with('\n');
    if (!terminal_) return print_now(text);
    return print_now(wrap_.push(neutralise(text), terminal_width(STDOUT_FILENO)));
}

bool ReplyPrinter::finish() {
    if (terminal_ && !print_now(wrap_.flush(terminal_width(STDOUT_FILENO)))) return false;
    return !line_open_ || print_now("\n");
}

}  // namespace greenroom::cli
