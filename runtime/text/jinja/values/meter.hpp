// What a rendering has spent of its limits, and the first thing that went wrong in it. Knows
// nothing of values. After an error everything winds down: work is refused, values come out
// undefined, loops end; so no caller needs to look at every result.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/text/jinja/limits.hpp"

namespace greenroom::runtime::jinja {

class Meter {
 public:
    explicit Meter(const TemplateLimits& limits) : limits_(limits) {}

    // One step is one node evaluated or one item made. False once anything has failed.
    bool spend(std::uint64_t steps);
    // Bytes copied, compared or searched.
    bool spend_bytes(std::uint64_t bytes);
    // Bytes looked at character by character.
    bool spend_characters(std::uint64_t bytes);

    void hold(std::uint64_t bytes);  // memory of values
    void let_go(std::uint64_t bytes) { held_ -= bytes; }

    // Whether one string may have that many bytes.
    bool fits(std::uint64_t string_bytes);
    // Whether values may nest that deep.
    bool nests(int depth);

    void fail(std::string problem);   // the first one stays
    void raise(std::string message);  // the template's own raise_exception
    bool failed() const { return failed_; }
    bool raised() const { return raised_; }
    const std::string& problem() const { return problem_; }

    void at_line(int line) { line_ = line; }
    int line() const { return line_; }
    const TemplateLimits& limits() const { return limits_; }

 private:
    TemplateLimits limits_;
    std::uint64_t spent_ = 0;
    std::uint64_t pending_bytes_ = 0;  // not yet a whole step
    std::uint64_t held_ = 0;
    int line_ = 1;
    bool failed_ = false;
    bool raised_ = false;
    std::string problem_;
};

}  // namespace greenroom::runtime::jinja
