#include "cli/terminal.hpp"

#include <clocale>
#include <cstdlib>
#include <langinfo.h>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace greenroom::cli {
namespace {

bool locale_is_utf8() {
    return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

}  // namespace

bool is_terminal(int descriptor) {
    return isatty(descriptor) == 1;
}

bool terminal_has_cursor() {
    const char* term = std::getenv("TERM");
    return term != nullptr && std::string_view(term) != "" && std::string_view(term) != "dumb";
}

bool terminal_can_edit() {
    return is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO) && terminal_has_cursor() &&
           locale_is_utf8();
}

int terminal_width(int descriptor) {
    winsize size = {};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void use_utf8() {
    std::setlocale(LC_CTYPE, "");
    if (!locale_is_utf8()) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace greenroom::cli
