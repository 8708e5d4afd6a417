// Many requests to one process: a JSON object per line on standard input, an answer per line on
// standard output.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"

namespace greenroom::cli {

// Answers every line until the input ends; an Error becomes {"error": MESSAGE} and the next line is
// read. Empty lines are skipped. Returns the exit code.
int answer_lines(const std::function<io::Result<io::Json>(const io::Json& request)>& answer);

// The fields of one request. A field of the wrong kind is remembered and reads as absent.
class RequestFields {
 public:
    // `request` outlives this.
    explicit RequestFields(const io::Json& request);

    bool boolean(std::string_view name, bool absent);
    std::string text(std::string_view name);  // empty when absent or null
    std::vector<std::int32_t> ids(std::string_view name);
    io::Json value(std::string_view name);  // null when absent

    // The first thing that was wrong; empty: nothing.
    const std::string& problem() const { return problem_; }

 private:
    const io::Json* find(std::string_view name) const;
    void wrong(std::string_view name, std::string_view expected);

    const io::Json& request_;
    std::string problem_;
};

}  // namespace greenroom::cli
