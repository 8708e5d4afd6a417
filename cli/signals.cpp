#include "cli/signals.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/command.hpp"

namespace greenroom::cli {
namespace {

constexpr int kInterruptedStatus = 130;  // what shells report for SIGINT

sigset_t signal_set(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals) sigaddset(&set, signal);
    return set;
}

// SIGTSTP keeps its meaning: the program stops at once, and its SIGCONT says when it goes on.
sigset_t watched_signals() {
    return signal_set({SIGINT, SIGWINCH, SIGCONT});
}

}  // namespace

Notice::Notice() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Notice::~Notice() {
    if (descriptor_ >= 0) close(descriptor_);
}

void Notice::give() {
    eventfd_write(descriptor_, 1);
}

bool Notice::take() {
    eventfd_t count = 0;
    return eventfd_read(descriptor_, &count) == 0;
}

Signals::Signals() {
    const sigset_t set = watched_signals();
    signals_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    // Without descriptors Ctrl-C ends the program, as it does everywhere.
    if (signals_ < 0 || finish_.descriptor() < 0) return;
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    watcher_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
    if (watcher_.joinable()) {
        finish_.give();
        watcher_.join();
        const sigset_t set = watched_signals();
        pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    }
    if (signals_ >= 0) close(signals_);
}

std::stop_token Signals::begin_work(SecondInterrupt second) {
    const std::lock_guard lock(mutex_);
    work_ = std::stop_source();
    second_ = second;
    return work_.get_token();
}

void Signals::stop_work() {
    const std::lock_guard lock(mutex_);
    work_.request_stop();
}

void Signals::end_work() {
    begin_work(SecondInterrupt::waits);
}

void Signals::watch() {
    while (true) {
        std::array<pollfd, 2> fds = {{{signals_, POLLIN, 0}, {finish_.descriptor(), POLLIN, 0}}};
        if (poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
        if (fds[1].revents != 0) return;
        signalfd_siginfo info;
        if (read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
        switch (info.ssi_signo) {
            case SIGINT:
                interrupt();
                break;
            case SIGWINCH:
                resized_.give();
                break;
            default:
                continued_.give();
                break;
        }
    }
}

void Signals::interrupt() {
    const std::lock_guard lock(mutex_);
    const bool first = work_.request_stop();
    if (!first && second_ == SecondInterrupt::ends_program) {
        std::fputc('\n', stderr);
        _exit(kInterruptedStatus);
    }
    interrupted_.give();
}

int end_by_interrupt() {
    std::fflush(stdout);
    std::signal(SIGINT, SIG_DFL);
    const sigset_t set = signal_set({SIGINT});
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    std::raise(SIGINT);
    return kWorldsFault;  // where something holds the signal back
}

}  // namespace greenroom::cli
