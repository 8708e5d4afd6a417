#include "cli/out_of_memory.hpp"

#include <new>
#include <string_view>
#include <unistd.h>

#include "cli/command.hpp"

namespace greenroom::cli {
namespace {

// Takes no memory, and leaves what destructors would write to the system.
[[noreturn]] void end_without_memory() {
    constexpr std::string_view kMessage = "greenroom: out of memory\n";
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
    _exit(kWorldsFault);
}

}  // namespace

void end_when_memory_runs_out() {
    std::set_new_handler(end_without_memory);
}

}  // namespace greenroom::cli
