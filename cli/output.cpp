#include "cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>

namespace greenroom::cli {

bool print(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

bool print_now(std::string_view text) {
    return print(text) && std::fflush(stdout) == 0;
}

bool print_json(const io::Json& value) {
    return print(value.dump(-1, ' ', false, io::Json::error_handler_t::replace) + "\n");
}

io::Result<void> finish_output() {
    // What could not be written is gone; one more byte tells why.
    if (std::ferror(stdout) != 0) std::fputc('\n', stdout);
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
    if (errno == EPIPE) return {};
    const char* reason = errno != 0 ? std::strerror(errno) : "not everything could be written";
    return io::Error{fmt::format("stdout: {}", reason)};
}

}  // namespace greenroom::cli
