#include "runtime/text/jinja/values/format_field.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "runtime/text/jinja/values/to_text.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

constexpr int kMostDigits = 400;  // more than any double has

std::string grouped(const std::string& digits) {
    const std::size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    std::string out = digits;
    for (std::size_t at = whole; at > 3; at -= 3) out.insert(at - 3, 1, ',');
    return out;
}

std::string integer_digits(Integer magnitude, const FieldStyle& style) {
    const auto value = static_cast<std::uint64_t>(magnitude);
    switch (style.type) {
        case 'x':
            return fmt::format("{}{:x}", style.alternate ? "0x" : "", value);
        case 'X':
            return fmt::format("{}{:X}", style.alternate ? "0X" : "", value);
        case 'o':
            return fmt::format("{}{:o}", style.alternate ? "0o" : "", value);
        case 'b':
            return fmt::format("{}{:b}", style.alternate ? "0b" : "", value);
        default:
            return fmt::format("{}", value);
    }
}

std::string real_digits(Rendering& run, double value, const FieldStyle& style) {
    const int precision = style.precision.value_or(6);
    if (precision > kMostDigits) {
        run.fail(
            fmt::format("a precision of {} digits; expected at most {}", precision, kMostDigits));
        return {};
    }
    switch (style.type) {
        case 'e':
            return fmt::format("{:.{}e}", value, precision);
        case 'E':
            return fmt::format("{:.{}E}", value, precision);
        case 'g':
            return fmt::format("{:.{}g}", value, precision);
        case 'G':
            return fmt::format("{:.{}G}", value, precision);
        case '%':
            return fmt::format("{:.{}f}%", value * 100, precision);
        case 0:
            return style.precision ? fmt::format("{:.{}g}", value, precision) : real_text(value);
        default:
            return fmt::format("{:.{}f}", value, precision);
    }
}

// Sign and digits apart, since zeros go between them.
std::pair<std::string, std::string> number_parts(Rendering& run,
                                                 const Value& value,
                                                 const FieldStyle& style) {
    const bool as_integer = value.is_integral() && !is_real_type(style.type);
    const bool truncates = value.is(Kind::real) && is_integer_type(style.type);
    Integer integer = 0;
    if (truncates) {
        if (!(std::abs(value.as_real()) < 0x1p64)) {
            run.fail("a float too large for an integer format");
            return {};
        }
        integer = static_cast<Integer>(value.as_real());
    } else if (as_integer) {
        integer = value.as_integer();
    }
    const bool whole = as_integer || truncates;
    const bool negative = whole ? integer < 0 : std::signbit(value.as_real());
    std::string digits = whole ? integer_digits(negative ? -integer : integer, style)
                               : real_digits(run, std::abs(value.as_real()), style);
    if (style.grouped) digits = grouped(digits);
    std::string sign;
    if (negative || style.sign != '-') sign += negative ? '-' : style.sign;
    return {std::move(sign), std::move(digits)};
}

void append_padded(Rendering& run, const Text& body, const FieldStyle& style, TextBuilder& out) {
    const std::size_t length = count_characters(body.view());
    const std::uint64_t missing = style.width > length ? style.width - length : 0;
    const std::uint64_t before = style.align == '<'   ? 0
                                 : style.align == '^' ? missing / 2
                                                      : missing;
    run.meter.spend_characters(body.size());
    out.append_repeated(style.fill, before);
    out.append(body);
    out.append_repeated(style.fill, missing - before);
}

}  // namespace

std::optional<std::uint64_t> take_number(std::string_view& from) {
    std::size_t n = 0;
    while (n < from.size() && from[n] >= '0' && from[n] <= '9') ++n;
    if (n == 0) return std::nullopt;
    std::uint64_t value = std::uint64_t{1} << 40;
    if (n <= 12) std::from_chars(from.data(), from.data() + n, value);
    from.remove_prefix(n);
    return value;
}

bool take(std::string_view& from, char c) {
    if (from.empty() || from[0] != c) return false;
    from.remove_prefix(1);
    return true;
}

void take_width_and_precision(std::string_view& from, FieldStyle& style) {
    style.width = take_number(from).value_or(0);
    if (take(from, ',')) style.grouped = true;
    if (take(from, '.')) {
        const std::uint64_t digits = take_number(from).value_or(0);
        style.precision = static_cast<int>(std::min<std::uint64_t>(digits, 1 << 30));
    }
}

bool is_integer_type(char type) {
    return std::string_view("diuxXob").find(type) != std::string_view::npos;
}
bool is_real_type(char type) {
    return std::string_view("eEfFgG%").find(type) != std::string_view::npos;
}

void append_number(Rendering& run, const Value& value, FieldStyle style, TextBuilder& out) {
    auto [sign, digits] = number_parts(run, value, style);
    if (style.align == '=') {
        const std::size_t length = sign.size() + digits.size();
        out.append(sign, value.origin());
        out.append_repeated(style.fill, style.width > length ? style.width - length : 0);
        out.append(digits, value.origin());
        return;
    }
    if (style.align == 0) style.align = '>';
    append_padded(run, Text(sign + digits, value.origin()), style, out);
}

void append_text(Rendering& run, const Text& text, const FieldStyle& style, TextBuilder& out) {
    if (!style.precision) return append_padded(run, text, style, out);
    const auto most = static_cast<std::size_t>(*style.precision);
    append_padded(run, text.slice({0, byte_of_character(text.view(), most)}), style, out);
}

}  // namespace greenroom::runtime::jinja
