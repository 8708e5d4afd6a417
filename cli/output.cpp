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
    if (print(text) && std::fflush(stdout) == 0) return true;
    // The last flush must fail for the same reason, and what could not be written may be gone.
    std::fputc('\n', stdout);
    return false;
}

bool print_json(const io::Json& value) {
    return print(value.dump(-1, ' ', false, io::Json::error_handler_t::replace) + "\n");
}

io::Result<void> finish_output() {
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
    if (errno == EPIPE) return {};
    const char* reason = errno != 0 ? std::strerror(errno) : "not everything could be written";
    return io::Error{fmt::format("stdout: {}", reason)};
}

}  // namespace greenroom::cli
