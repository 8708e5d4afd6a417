#include "cli/program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "runtime/setting_value.hpp"

namespace greenroom::cli {
namespace {

// A closed descriptor 0, 1 or 2 would be given to the next file opened, and a model would be
// written to. It is filled with one that refuses what the stream is for.
void fill_closed_streams() {
    constexpr std::array<int, 3> kRefusing = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int stream = 0; stream < 3; ++stream) {
        if (fcntl(stream, F_GETFD) == -1 && errno == EBADF) {
            if (open("/dev/null", kRefusing[static_cast<std::size_t>(stream)]) != stream) return;
        }
    }
}

void print_help(std::FILE* to) {
    fmt::print(to, "usage: greenroom COMMAND [flags]\n");
    fmt::print(to,
               "Mixture-of-Experts language models that do not fit the GPU, at chat speed.\n\n");
    for (const Command& command : commands()) {
        fmt::print(to, "  {:<12} {}\n", command.name, command.summary);
    }
    fmt::print(to, "\n  greenroom help COMMAND   its flags and their defaults\n");
    fmt::print(to, "  greenroom --version      the version\n");
}

int usage_error(std::string_view message) {
    fmt::print(stderr, "greenroom: {}\ntry: greenroom --help\n", message);
    return kUsageError;
}

int unknown_command(std::string_view name) {
    std::vector<std::string_view> names = {"help"};
    for (const Command& command : commands()) names.push_back(command.name);
    const auto near = runtime::nearest_name(name, names);
    const std::string what = fmt::format("no command \"{}\"", name);
    return usage_error(near ? fmt::format("{}; did you mean {}?", what, *near) : what);
}

const Command* find_command(std::string_view name) {
    for (const Command& command : commands()) {
        if (command.name == name) return &command;
    }
    return nullptr;
}

int help(CommandLine argv) {
    if (argv.size() < 2) {
        print_help(stdout);
        return kDone;
    }
    const Command* command = find_command(argv[1]);
    if (command == nullptr) return unknown_command(argv[1]);
    const std::array<const char*, 2> line = {argv[1], "--help"};
    return command->run(line);
}

int dispatch(CommandLine argv) {
    if (argv.size() < 2) {
        print_help(stderr);
        return kUsageError;
    }
    const std::string_view name = argv[1];
    if (name == "--help" || name == "-h") return help({});
    if (name == "help") return help(argv.subspan(1));
    if (name == "--version" || name == "version") {
        fmt::print("greenroom {}\n", GREENROOM_VERSION);
        return kDone;
    }
    if (name.starts_with("-")) {
        return usage_error(fmt::format("expected a command, got the flag {}", name));
    }
    const Command* command = find_command(name);
    return command == nullptr ? unknown_command(name) : command->run(argv.subspan(1));
}

// What was printed must have arrived: a full disk is an error, a reader who left is none.
int finish(int code) {
    const io::Result<void> arrived = finish_output();
    if (arrived) return code;
    fmt::print(stderr, "greenroom: {}\n", arrived.error().message);
    return code == kDone ? kWorldsFault : code;
}

}  // namespace

int run_program(CommandLine argv) {
    fill_closed_streams();
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write
    use_utf8();
    int code = kWorldsFault;
    try {
        code = finish(dispatch(argv));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "greenroom: %s\n", error.what());
    }
    return code;
}

}  // namespace greenroom::cli
