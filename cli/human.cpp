#include "cli/human.hpp"

#include <array>
#include <fmt/format.h>
#include <string_view>

namespace greenroom::cli {
namespace {

using Units = std::array<std::string_view, 5>;

std::string scaled(double value, double step, const Units& units) {
    std::size_t unit = 0;
    // 999.5 of a unit would print as "1000": the next unit says it shorter.
    while (value >= 0.9995 * step && unit + 1 < units.size()) {
        value /= step;
        ++unit;
    }
    if (unit == 0) return fmt::format("{:.0f}{}", value, units[0]);
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}{}", value, decimals, units[unit]);
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
    return scaled(static_cast<double>(bytes), 1024, {" B", " KiB", " MiB", " GiB", " TiB"});
}

std::string human_count(std::uint64_t count) {
    return scaled(static_cast<double>(count), 1000, {"", " K", " M", " B", " T"});
}

std::string human_seconds(double seconds) {
    if (seconds <= 0) return "0 ms";
    if (seconds < 0.9995e-3) return fmt::format("{:.0f} µs", seconds * 1e6);
    if (seconds < 0.9995)
        return fmt::format("{:.{}f} ms", seconds * 1e3, seconds < 9.95e-3 ? 1 : 0);
    return fmt::format("{:.{}f} s", seconds, seconds < 99.95 ? 1 : 0);
}

}  // namespace greenroom::cli
