#include "runtime/setting_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <type_traits>
#include <utility>

namespace greenroom::runtime {
namespace {

constexpr std::size_t kShownBytes = 60;

// A person's text inside a message: one line, short.
std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kShownBytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return text.size() > kShownBytes ? out + "…" : out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

// 0 where `unit` is none.
double unit_bytes(std::string_view unit) {
    const std::string u = lower(unit);
    if (u.empty() || u == "b") return 1;
    const std::size_t power = std::string_view("kmgt").find(u[0]);
    if (power == std::string_view::npos) return 0;
    const std::string rest = u.substr(1);
    const auto exponent = static_cast<double>(power + 1);
    if (rest.empty() || rest == "b") return std::pow(1000.0, exponent);
    if (rest == "ib" || rest == "i") return std::pow(1024.0, exponent);
    return 0;
}

template <class T>
struct Unwrap {
    using type = T;
    static constexpr bool optional = false;
};
template <class T>
struct Unwrap<std::optional<T>> {
    using type = T;
    static constexpr bool optional = true;
};

template <class T>
constexpr bool is_whole = std::is_same_v<T, int> || std::is_same_v<T, std::int64_t>;

std::string number_range(std::string_view what, const Accepts& accepts) {
    const bool has_least = accepts.least > -2147483648.0;
    const bool has_most = accepts.most < 2147483647.0;
    if (has_least && has_most)
        return fmt::format("{} from {} to {}", what, accepts.least, accepts.most);
    if (has_least) return fmt::format("{} of {} or more", what, accepts.least);
    if (has_most) return fmt::format("{} of {} or less", what, accepts.most);
    return std::string(what);
}

io::Error expected(const Place& place, const Accepts& accepts, std::string_view got) {
    return {fmt::format("expected {}, got \"{}\"", expectation(place, accepts), shown(got))};
}

io::Result<bool> parse_bool(std::string_view text) {
    const std::string t = lower(text);
    if (t == "true" || t == "on" || t == "yes" || t == "1") return true;
    if (t == "false" || t == "off" || t == "no" || t == "0") return false;
    return io::Error{"neither true nor false"};
}

// Characters put in, left out, replaced, or exchanged with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(last, row);
    }
    return last.back();
}

}  // namespace

io::Result<std::uint64_t> parse_bytes(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    std::string_view unit = text.substr(digits);
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    const io::Result<double> number = parse_real(text.substr(0, digits));
    const double scale = unit_bytes(unit);
    if (!number || scale == 0) {
        return io::Error{fmt::format("expected a size such as 8GiB, 512MiB or 1000000, got \"{}\"",
                                     shown(text))};
    }
    const double bytes = *number * scale;
    if (bytes >= 9.2e18) {
        return io::Error{fmt::format("expected a size below 8 EiB, got \"{}\"", shown(text))};
    }
    return static_cast<std::uint64_t>(bytes + 0.5);
}

io::Result<std::int64_t> parse_integer(std::string_view text) {
    std::string_view digits = text;
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error != std::errc() || end != digits.end()) {
        return io::Error{fmt::format("expected a whole number, got \"{}\"", shown(text))};
    }
    return value;
}

io::Result<double> parse_real(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc() || end != text.end() || !std::isfinite(value)) {
        return io::Error{fmt::format("expected a number, got \"{}\"", shown(text))};
    }
    return value;
}

io::Result<void> put_text(const Place& place, const Accepts& accepts, std::string_view text) {
    return std::visit(
        [&](auto* pointee) -> io::Result<void> {
            using T = typename Unwrap<std::remove_pointer_t<decltype(pointee)>>::type;
            if constexpr (std::is_same_v<T, bool>) {
                const io::Result<bool> value = parse_bool(text);
                if (!value) return expected(place, accepts, text);
                *pointee = *value;
                return {};
            } else if constexpr (is_whole<T>) {
                const io::Result<std::int64_t> value = parse_integer(text);
                if (!value) return expected(place, accepts, text);
                return put_integer(place, accepts, *value);
            } else if constexpr (std::is_same_v<T, double>) {
                const io::Result<double> value = parse_real(text);
                if (!value) return expected(place, accepts, text);
                return put_real(place, accepts, *value);
            } else if constexpr (std::is_same_v<T, ByteCount>) {
                const io::Result<std::uint64_t> value = parse_bytes(text);
                if (!value) return value.error();
                pointee->value = *value;
                return {};
            } else {
                return put_string(place, accepts, text);
            }
        },
        place);
}

io::Result<void> put_integer(const Place& place, const Accepts& accepts, std::int64_t value) {
    return std::visit(
        [&](auto* pointee) -> io::Result<void> {
            using T = typename Unwrap<std::remove_pointer_t<decltype(pointee)>>::type;
            if constexpr (is_whole<T> || std::is_same_v<T, double>) {
                const auto real = static_cast<double>(value);
                if (real < accepts.least || real > accepts.most) {
                    return expected(place, accepts, std::to_string(value));
                }
                *pointee = static_cast<T>(value);
                return {};
            } else if constexpr (std::is_same_v<T, ByteCount>) {
                if (value < 0) return expected(place, accepts, std::to_string(value));
                pointee->value = static_cast<std::uint64_t>(value);
                return {};
            } else {
                return expected(place, accepts, std::to_string(value));
            }
        },
        place);
}

io::Result<void> put_real(const Place& place, const Accepts& accepts, double value) {
    return std::visit(
        [&](auto* pointee) -> io::Result<void> {
            using T = typename Unwrap<std::remove_pointer_t<decltype(pointee)>>::type;
            if constexpr (std::is_same_v<T, double>) {
                if (std::isfinite(value) && value >= accepts.least && value <= accepts.most) {
                    *pointee = value;
                    return {};
                }
            }
            return expected(place, accepts, fmt::format("{}", value));
        },
        place);
}

io::Result<void> put_bool(const Place& place, bool value) {
    if (bool* const* pointee = std::get_if<bool*>(&place)) {
        **pointee = value;
        return {};
    }
    return expected(place, {}, value ? "true" : "false");
}

io::Result<void> put_string(const Place& place, const Accepts& accepts, std::string_view value) {
    const bool known =
        accepts.choices.empty() ||
        std::find(accepts.choices.begin(), accepts.choices.end(), value) != accepts.choices.end();
    if (std::string* const* pointee = std::get_if<std::string*>(&place); pointee && known) {
        **pointee = value;
        return {};
    }
    if (auto* const* pointee = std::get_if<std::vector<std::string>*>(&place); pointee && known) {
        (*pointee)->emplace_back(value);
        return {};
    }
    if (std::holds_alternative<ByteCount*>(place)) return put_text(place, accepts, value);
    return expected(place, accepts, value);
}

std::string place_text(const Place& place) {
    return std::visit(
        [](auto* pointee) -> std::string {
            using Held = std::remove_pointer_t<decltype(pointee)>;
            if constexpr (Unwrap<Held>::optional) {
                return *pointee ? fmt::format("{}", **pointee) : std::string();
            } else if constexpr (std::is_same_v<Held, ByteCount>) {
                return fmt::format("{}", pointee->value);
            } else if constexpr (std::is_same_v<Held, std::vector<std::string>>) {
                return fmt::format("{}", fmt::join(*pointee, ","));
            } else {
                return fmt::format("{}", *pointee);
            }
        },
        place);
}

std::string expectation(const Place& place, const Accepts& accepts) {
    return std::visit(
        [&](auto* pointee) -> std::string {
            using T = typename Unwrap<std::remove_pointer_t<decltype(pointee)>>::type;
            if constexpr (std::is_same_v<T, bool>) {
                return "true or false";
            } else if constexpr (is_whole<T>) {
                return number_range("a whole number", accepts);
            } else if constexpr (std::is_same_v<T, double>) {
                return number_range("a number", accepts);
            } else if constexpr (std::is_same_v<T, ByteCount>) {
                return "a size such as 8GiB";
            } else if (!accepts.choices.empty()) {
                return fmt::format("one of {}", fmt::join(accepts.choices, ", "));
            } else {
                return "text";
            }
        },
        place);
}

std::optional<std::string_view> nearest_name(std::string_view word,
                                             const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > kShownBytes) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance =
            word.size() >= 2 && candidate.starts_with(word) ? 1 : edit_distance(word, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace greenroom::runtime
