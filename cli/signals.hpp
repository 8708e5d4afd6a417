// What the terminal's user does beside typing: Ctrl-C, a resized window, a return after Ctrl-Z.
// Turns signals into questions that work and prompts ask.
#pragma once

#include <mutex>
#include <stop_token>
#include <thread>

namespace greenroom::cli {

// Something that happened and that nobody has taken note of yet.
class Notice {
 public:
    Notice();
    ~Notice();
    Notice(const Notice&) = delete;
    Notice& operator=(const Notice&) = delete;

    void give();
    // Whether it was given since the last call.
    bool take();
    // Readable while it waits to be taken: for poll(). -1 when the system has no more descriptors.
    int descriptor() const { return descriptor_; }

 private:
    int descriptor_;
};

// While one lives, SIGINT asks the work that was begun last to stop instead of ending the program.
// Make it before other threads: the signals are kept from them. Owns a thread, which is joined.
// A SIGINT that was ignored when the program began stays ignored.
class Signals {
 public:
    enum class SecondInterrupt {
        ends_program,  // work that does not stop at once is left behind
        waits,         // what the work has is worth waiting for
    };

    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // Work that begins now: the token of the next Ctrl-C. `second` says what one after it does.
    std::stop_token begin_work(SecondInterrupt second);

    // Stops the work at hand for a reason of the program's own.
    void stop_work();
    // From now on no work is at hand, and Ctrl-C is only taken note of. One that has stopped the
    // work has been taken note of by then.
    void end_work();

    Notice& interrupted() { return interrupted_; }
    Notice& resized() { return resized_; }
    // The program was stopped and goes on; the terminal may be in any mode.
    Notice& continued() { return continued_; }

 private:
    void watch();
    void interrupt();

    Notice interrupted_, resized_, continued_, finish_;
    int signals_ = -1;
    std::mutex mutex_;
    std::stop_source work_;
    SecondInterrupt second_ = SecondInterrupt::waits;
    std::thread watcher_;
};

// Ends the program as Ctrl-C would have, so that a shell's loop around it ends too.
int end_by_interrupt();

}  // namespace greenroom::cli
