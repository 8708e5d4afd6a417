// Lines typed at a terminal with libedit: arrows, history, pasted text as one message. The only
// file that knows libedit.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/line_reader.hpp"

namespace greenroom::cli {

class EditedLines : public LineReader {
 public:
    // Null when the terminal cannot be used so. `signals` must outlive the reader.
    static std::unique_ptr<EditedLines> open(Signals& signals);
    ~EditedLines() override;

    TypedLine read(std::string_view prompt) override;
    void remember(const std::string& message) override;

 private:
    struct State;  // libedit calls back into it
    explicit EditedLines(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace greenroom::cli
