#include "cli/utc_time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <fmt/format.h>
#include <optional>

#include "io/file.hpp"

namespace greenroom::cli {
namespace {

constexpr std::string_view kForm = "0000-00-00T00:00:00";  // 0: a digit

std::optional<std::array<int, 6>> fields_of(std::string_view text) {
    if (text.ends_with('Z')) text.remove_suffix(1);
    if (text.size() != kForm.size()) return std::nullopt;
    std::array<int, 6> fields = {};
    std::size_t field = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kForm[i] == '0') {
            if (text[i] < '0' || text[i] > '9') return std::nullopt;
            fields[field] = 10 * fields[field] + (text[i] - '0');
        } else {
            if (text[i] != kForm[i]) return std::nullopt;
            ++field;
        }
    }
    return fields;
}

}  // namespace

io::Result<std::int64_t> parse_utc(const std::string& text) {
    const io::Error wrong = {
        fmt::format("expected a time as in 2025-03-07T12:34:56, got \"{}\"", io::printable(text))};
    const auto fields = fields_of(text);
    if (!fields) return wrong;
    const auto [year, month, day, hour, minute, second] = *fields;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return wrong;
    const auto days = std::chrono::sys_days(date).time_since_epoch();
    return std::chrono::seconds(days).count() + 3600 * hour + 60 * minute + second;
}

}  // namespace greenroom::cli
