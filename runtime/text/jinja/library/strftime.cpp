#include "runtime/text/jinja/library/strftime.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace greenroom::runtime::jinja {
namespace {

// Years past 9999 are of no use in a prompt; within the range every field fits its type.
constexpr std::int64_t kLatest = 253'402'300'799;

std::tm broken_down(std::int64_t seconds) {
    using namespace std::chrono;
    const sys_seconds when{std::chrono::seconds{std::clamp(seconds, std::int64_t{0}, kLatest)}};
    const sys_days day = floor<days>(when);
    const year_month_day date{day};
    const hh_mm_ss time{when - day};
    std::tm out{};
    out.tm_year = static_cast<int>(date.year()) - 1900;
    out.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    out.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    out.tm_hour = static_cast<int>(time.hours().count());
    out.tm_min = static_cast<int>(time.minutes().count());
    out.tm_sec = static_cast<int>(time.seconds().count());
    out.tm_wday = static_cast<int>(weekday{day}.c_encoding());
    out.tm_yday = static_cast<int>((day - sys_days{date.year() / January / 1}).count());
    return out;
}

// %Y, %-d: one conversion with at most one flag.
std::string converted(std::string_view conversion, const std::tm& time) {
    constexpr std::string_view kKnown = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%";
    if (kKnown.find(conversion.back()) == std::string_view::npos) return std::string(conversion);
    if (conversion.back() == 'Z') return "UTC";
    if (conversion.back() == 'z') return "+0000";
    std::array<char, 128> buffer;
    const std::string format(conversion);
    return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format.c_str(), &time)};
}

}  // namespace

std::string format_time(std::string_view format, std::int64_t seconds_since_1970) {
    const std::tm time = broken_down(seconds_since_1970);
    std::string out;
    while (!format.empty()) {
        const std::size_t percent = std::min(format.find('%'), format.size());
        out += format.substr(0, percent);
        format.remove_prefix(percent);
        if (format.empty()) break;
        const bool flag = format.size() > 1 &&
                          std::string_view("-_0^#").find(format[1]) != std::string_view::npos;
        const std::size_t length = std::min(format.size(), std::size_t{flag ? 3u : 2u});
        const bool whole = length == (flag ? 3u : 2u);
        out += whole ? converted(format.substr(0, length), time) : std::string(format);
        format.remove_prefix(length);
    }
    return out;
}

}  // namespace greenroom::runtime::jinja
