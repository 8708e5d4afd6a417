// Reads the files of template cases.
#pragma once

#include <chrono>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "io/json.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {

// Each line of a JSON-lines file.
inline std::vector<io::Json> json_lines(const std::filesystem::path& path) {
    std::vector<io::Json> out;
    std::istringstream lines(slurp(path));
    for (std::string line; std::getline(lines, line);) {
        auto parsed = io::parse_json(line, path.string());
        if (parsed) out.push_back(*std::move(parsed));
    }
    return out;
}

// "2025-03-07T12:34:56", which every case with a clock has, as seconds since 1970.
inline std::optional<std::int64_t> clock_of(const io::Json& test_case) {
    if (!test_case.contains("now")) return std::nullopt;
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    char mark = 0;  // - T :
    std::istringstream in(test_case["now"].get<std::string>());
    in >> year >> month >> day >> mark >> hour >> mark >> minute >> mark >> second;
    const std::chrono::sys_days date{std::chrono::year{year} / -month / -day};
    const std::chrono::seconds midnight = date.time_since_epoch();
    return midnight.count() + hour * 3600 + minute * 60 + second;
}

}  // namespace greenroom::tests
