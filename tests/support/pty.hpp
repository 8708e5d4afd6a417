// The program at a terminal of its own: keys go in, a screen comes out.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <termios.h>

#include "tests/support/program.hpp"
#include "tests/support/screen.hpp"

namespace greenroom::tests {

struct Window {
    int columns = 80;
    int rows = 40;
    std::optional<std::string> term = "xterm-256color";  // TERM; empty: unset
};

// Standard input, output and error of the program are the terminal. It is killed when this goes.
class Pty {
 public:
    explicit Pty(const ProgramCall& call, const Window& window = {});
    ~Pty();
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;

    void type(std::string_view keys);
    // As terminals paste: marked, where the program asked for that.
    void paste(std::string_view text);
    void resize(int columns);
    termios modes() const;
    void send(int signal) const;

    // Reads until the program has written `text` since the last call that found something. False,
    // and a failure of the test, when it has not in `timeout_s`.
    bool wait_for(std::string_view text, int timeout_s = 300);
    // Reads until nothing has come for `quiet_ms`.
    void settle(int quiet_ms = 300);
    // Reads to the end of the program.
    ProgramEnd wait_end(int timeout_s = 300);

    const Screen& screen() const { return screen_; }
    const std::string& written() const { return written_; }  // every byte

 private:
    // False when the program has closed the terminal, or nothing came in time.
    bool read_some(int timeout_ms);

    int terminal_ = -1;
    pid_t child_ = -1;
    Screen screen_;
    std::string written_;
    std::size_t seen_ = 0;  // wait_for has found what it wanted up to here
};

// Keys that have no letter.
inline constexpr std::string_view kEnter = "\r";
inline constexpr std::string_view kCtrlC = "\x03";
inline constexpr std::string_view kCtrlD = "\x04";
inline constexpr std::string_view kCtrlZ = "\x1a";
inline constexpr std::string_view kUp = "\x1b[A";

}  // namespace greenroom::tests
