#include "tests/support/program.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace greenroom::tests {
namespace {

using Clock = std::chrono::steady_clock;

// Two ends of a pipe; what is left open is closed in the end.
struct Pipe {
    int read = -1, write = -1;

    Pipe() {
        std::array<int, 2> ends = {-1, -1};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
        read = ends[0];
        write = ends[1];
    }
    ~Pipe() {
        close_end(read);
        close_end(write);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    static void close_end(int& end) {
        if (end >= 0) close(end);
        end = -1;
    }
};

struct Streams {
    Pipe in, out, err;
};

void start_child(const ProgramCall& call, const Streams& streams) {
    dup2(streams.in.read, STDIN_FILENO);
    dup2(streams.err.write, STDERR_FILENO);
    const int out = call.output.empty() ? streams.out.write
                                        : open(call.output.c_str(), O_WRONLY | O_CREAT, 0600);
    dup2(out, STDOUT_FILENO);
    for (const int descriptor : call.closed) close(descriptor);
    become_program(call);
    _exit(127);
}

// Appends what can be read now; closes the end of a stream that has ended.
void take(int& from, std::string& to) {
    std::array<char, 65536> buffer;
    const ssize_t n = read(from, buffer.data(), buffer.size());
    if (n > 0) {
        to.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n == 0 || errno != EINTR) {
        Pipe::close_end(from);
    }
}

void give(int& to, std::string_view& left) {
    const ssize_t n = write(to, left.data(), left.size());
    if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
    if (left.empty() || (n < 0 && errno != EINTR && errno != EAGAIN)) Pipe::close_end(to);
}

// Feeds and drains until both outputs have ended or the time is over.
void converse(Streams& streams,
              const ProgramCall& call,
              Clock::time_point end,
              ProgramEnd& result) {
    std::string_view left = call.input;
    if (left.empty())
        Pipe::close_end(streams.in.write);
    else
        fcntl(streams.in.write, F_SETFL, O_NONBLOCK);
    while (streams.out.read >= 0 || streams.err.read >= 0) {
        const auto wait =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (wait <= 0) return;
        std::array<pollfd, 3> fds = {{{streams.in.write, POLLOUT, 0},
                                      {streams.out.read, POLLIN, 0},
                                      {streams.err.read, POLLIN, 0}}};
        if (poll(fds.data(), fds.size(), static_cast<int>(wait)) < 0) continue;
        if (fds[0].revents != 0) give(streams.in.write, left);
        if (fds[1].revents != 0) take(streams.out.read, result.out);
        if (fds[2].revents != 0) take(streams.err.read, result.err);
    }
}

// Waits for the child; one that has not ended in time is killed.
void wait_for(pid_t child, Clock::time_point end, ProgramEnd& result) {
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(child, &status, WNOHANG)) == 0 && Clock::now() < end) usleep(1000);
    if (ended == 0) {
        result.timed_out = true;
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
}

// For this process, root or not, and those it starts.
bool hide_proc() {
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    for (const char* folder : {"/proc", "/sys"}) {
        if (mount("none", folder, "tmpfs", 0, nullptr) != 0) return false;
    }
    return true;
}

}  // namespace

bool can_hide_proc() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    const pid_t child = fork();
    if (child == 0) _exit(hide_proc() ? 0 : 1);
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
#endif
}

bool can_limit_address_space() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    return true;
#endif
}

io::Json ProgramEnd::json() const {
    auto parsed = io::parse_json(out, "standard output");
    if (parsed) return std::move(*parsed);
    ADD_FAILURE() << parsed.error().message << "\nstdout: " << out.substr(0, 2000)
                  << "\nstderr: " << err.substr(0, 2000);
    return nullptr;
}

std::filesystem::path program_path() {
    return GREENROOM_PROGRAM;
}

void become_program(const ProgramCall& call) {
    if (call.without_proc && !hide_proc()) return;
    if (!call.folder.empty() && chdir(call.folder.c_str()) != 0) return;
    // The same results on machines with a GPU and without one, unless a test says otherwise.
    setenv("GREENROOM_DEVICE", "none", 1);
    for (const auto& [name, value] : call.environment) {
        if (value)
            setenv(name.c_str(), value->c_str(), 1);
        else
            unsetenv(name.c_str());
    }
    std::vector<char*> argv;
    std::string program = (call.program.empty() ? program_path() : call.program).string();
    argv.push_back(program.data());
    for (const std::string& argument : call.arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (call.address_space != 0) {
        const rlimit limit = {call.address_space, call.address_space};
        if (setrlimit(RLIMIT_AS, &limit) != 0) return;
    }
    execv(argv[0], argv.data());
}

ProgramEnd run_program(const ProgramCall& call) {
    signal(SIGPIPE, SIG_IGN);  // a program may end before it has read its input
    ProgramEnd result;
    Streams streams;
    const Clock::time_point end = Clock::now() + std::chrono::seconds(call.timeout_s);
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        start_child(call, streams);
    }
    Pipe::close_end(streams.in.read);
    Pipe::close_end(streams.out.write);
    Pipe::close_end(streams.err.write);
    converse(streams, call, end, result);
    wait_for(child, end, result);
    return result;
}

ProgramEnd run_program(std::vector<std::string> arguments) {
    return run_program(ProgramCall{.arguments = std::move(arguments)});
}

}  // namespace greenroom::tests
