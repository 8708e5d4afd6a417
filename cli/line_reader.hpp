// Reads what a person types, or what a script says in their place, line by line.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/signals.hpp"

namespace greenroom::cli {

struct TypedLine {
    enum class End {
        line,         // Enter
        interrupted,  // Ctrl-C: what had been typed is dropped
        input,        // Ctrl-D, or the input is at its end
    };
    End end = End::line;
    std::string text = {};      // without the line break; a paste may hold several lines
    bool dropped_text = false;  // Ctrl-C was pressed behind some text
};

class LineReader {
 public:
    virtual ~LineReader() = default;
    // `prompt` is ASCII and goes to the person, not into what the program prints.
    virtual TypedLine read(std::string_view prompt) = 0;
    // What the arrow keys bring back later.
    virtual void remember(const std::string& message) = 0;
};

// Lines as the descriptor gives them, up to 2^31 bytes each: for input that is no terminal and for
// terminals that know no cursor.
class PlainLines : public LineReader {
 public:
    // `signals` must outlive this.
    PlainLines(int descriptor, Signals& signals) : descriptor_(descriptor), signals_(signals) {}
    TypedLine read(std::string_view prompt) override;
    void remember(const std::string&) override {}

 private:
    // To the person at the terminal, if there is one.
    void show(std::string_view text) const;

    const int descriptor_;
    Signals& signals_;
    std::string buffer_;
    std::size_t searched_ = 0;  // buffer_ holds no line break before it
};

// Standard input with line editing and history where there is a terminal for it. `signals` must
// outlive the reader.
std::unique_ptr<LineReader> make_line_reader(Signals& signals);

}  // namespace greenroom::cli
