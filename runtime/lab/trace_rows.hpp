// What the text formats of traces share: their lines, and how rows in any order become events.
// Knows no format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/result.hpp"
#include "runtime/lab/trace.hpp"

namespace greenroom::runtime {

// One row of any format.
struct TraceRow {
    std::uint32_t turn = 0, step = 0;
    Phase phase = Phase::decode;
    std::uint16_t layer = 0, slot = 0, expert = 0;
    float weight = 0;
};

// Orders the rows as a model would have made them: a prompt goes through layer by layer; a decoded
// token, too, but one token at a time. Fills the trace's events, rows and dimensions, which only
// grow.
void build_events(std::vector<TraceRow>& rows, Trace& trace);

// The lines of a text with their numbers, for messages.
class TextLines {
 public:
    TextLines(std::string_view text, std::string name) : rest_(text), name_(std::move(name)) {}

    std::optional<std::string_view> next();
    io::Error error(std::string_view what, std::string_view value) const;

 private:
    std::string_view rest_;
    std::string name_;
    std::size_t number_ = 0;
};

}  // namespace greenroom::runtime
