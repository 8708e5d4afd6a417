#include "runtime/text/jinja/format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "runtime/text/jinja/to_text.hpp"
#include "runtime/text/jinja/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

struct Spec {
    std::string fill = " ";
    char align = 0;  // < > ^ = or none
    char sign = '-';
    bool alternate = false;
    bool grouped = false;
    std::uint64_t width = 0;
    std::optional<int> precision;
    char type = 0;
};

constexpr int kMostDigits = 400;  // more than any double has

// Reads digits off the front; a number past every limit when there are too many.
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

void take_width_and_precision(std::string_view& from, Spec& spec) {
    spec.width = take_number(from).value_or(0);
    if (take(from, ',')) spec.grouped = true;
    if (take(from, '.')) {
        const std::uint64_t digits = take_number(from).value_or(0);
        spec.precision = static_cast<int>(std::min<std::uint64_t>(digits, 1 << 30));
    }
}

std::string grouped(const std::string& digits) {
    const std::size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    std::string out = digits;
    for (std::size_t at = whole; at > 3; at -= 3) out.insert(at - 3, ",");
    return out;
}

std::string integer_digits(Integer magnitude, const Spec& spec) {
    const auto value = static_cast<std::uint64_t>(magnitude);
    switch (spec.type) {
        case 'x':
            return fmt::format("{}{:x}", spec.alternate ? "0x" : "", value);
        case 'X':
            return fmt::format("{}{:X}", spec.alternate ? "0X" : "", value);
        case 'o':
            return fmt::format("{}{:o}", spec.alternate ? "0o" : "", value);
        case 'b':
            return fmt::format("{}{:b}", spec.alternate ? "0b" : "", value);
        default:
            return fmt::format("{}", value);
    }
}

std::string real_digits(Run& run, double value, const Spec& spec) {
    const int precision = spec.precision.value_or(6);
    if (precision > kMostDigits) {
        run.fail(
            fmt::format("a precision of {} digits; expected at most {}", precision, kMostDigits));
        return {};
    }
    switch (spec.type) {
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
            return spec.precision ? fmt::format("{:.{}g}", value, precision) : real_text(value);
        default:
            return fmt::format("{:.{}f}", value, precision);
    }
}

bool is_integer_type(char type) {
    return std::string_view("diuxXob").find(type) != std::string_view::npos;
}
bool is_real_type(char type) {
    return std::string_view("eEfFgG%").find(type) != std::string_view::npos;
}

// Sign and digits apart, since zeros go between them.
std::pair<std::string, std::string> number_parts(Run& run, const Value& value, const Spec& spec) {
    const bool as_integer = value.is_integral() && !is_real_type(spec.type);
    const bool truncates = value.is(Kind::real) && is_integer_type(spec.type);
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
    std::string digits = whole ? integer_digits(negative ? -integer : integer, spec)
                               : real_digits(run, std::abs(value.as_real()), spec);
    if (spec.grouped) digits = grouped(digits);
    const std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
    return {sign, std::move(digits)};
}

void append_padded(Run& run, const Text& body, const Spec& spec, TextBuilder& out) {
    const std::size_t length = count_characters(body.view());
    const std::uint64_t missing = spec.width > length ? spec.width - length : 0;
    const std::uint64_t before = spec.align == '<' ? 0 : spec.align == '^' ? missing / 2 : missing;
    run.meter.spend_characters(body.size());
    out.append_repeated(spec.fill, before);
    out.append(body);
    out.append_repeated(spec.fill, missing - before);
}

void append_number(Run& run, const Value& value, Spec spec, TextBuilder& out) {
    auto [sign, digits] = number_parts(run, value, spec);
    if (spec.align == '=') {
        const std::size_t length = sign.size() + digits.size();
        out.append(sign, value.origin());
        out.append_repeated(spec.fill, spec.width > length ? spec.width - length : 0);
        out.append(digits, value.origin());
        return;
    }
    if (spec.align == 0) spec.align = '>';
    append_padded(run, Text(sign + digits, value.origin()), spec, out);
}

void append_text(Run& run, Text text, Spec spec, TextBuilder& out) {
    if (spec.precision) {
        const auto most = static_cast<std::size_t>(*spec.precision);
        text = text.slice({0, byte_of_character(text.view(), most)});
    }
    append_padded(run, text, spec, out);
}

// ---- "%…"

Spec percent_spec(std::string_view& from) {
    Spec spec;
    spec.align = '>';
    for (; !from.empty(); from.remove_prefix(1)) {
        const char c = from[0];
        if (c == '-')
            spec.align = '<';
        else if (c == '0' && spec.align != '<')
            spec.align = '=';
        else if (c == '+' || (c == ' ' && spec.sign != '+'))
            spec.sign = c;
        else if (c == '#')
            spec.alternate = true;
        else if (c != ' ')
            break;
    }
    if (spec.align == '=') spec.fill = "0";
    take_width_and_precision(from, spec);
    if (!from.empty()) {
        spec.type = from[0];
        from.remove_prefix(1);
    }
    return spec;
}

void append_percent(Run& run, const Value& value, Spec spec, TextBuilder& out) {
    if (spec.type == 's' || spec.type == 'r') {
        if (spec.align == '=')
            spec = {.align = '>', .width = spec.width, .precision = spec.precision};
        TextBuilder body(run.meter);
        if (spec.type == 'r')
            print_literal(run, value, body);
        else
            print(run, value, body);
        return append_text(run, body.take(), spec, out);
    }
    if (!is_integer_type(spec.type) && !is_real_type(spec.type)) {
        run.fail(fmt::format("unsupported format character '{}'", spec.type));
    } else if (!value.is_number()) {
        run.fail(
            fmt::format("%{} format: a number is required, not '{}'", spec.type, type_name(value)));
    } else {
        append_number(run, value, spec, out);
    }
}

}  // namespace

Value format_percent(Run& run, const Text& format, const Value& values) {
    const std::vector<Value> several =
        is_flavor(values, List::Flavor::tuple) ? values.list().items : std::vector<Value>{values};
    std::size_t used = 0;
    TextBuilder out(run.meter);
    std::string_view rest = format.view();
    while (!rest.empty() && !run.meter.failed()) {
        const std::size_t at = format.size() - rest.size();
        const std::size_t text = std::min(rest.find('%'), rest.size());
        out.append(format, {at, at + text});
        rest.remove_prefix(text);
        if (rest.empty()) break;
        rest.remove_prefix(1);
        const Spec spec = percent_spec(rest);
        if (spec.type == '%') {
            out.append("%");
        } else if (used == several.size()) {
            return run.fail("not enough arguments for format string");
        } else {
            append_percent(run, several[used++], spec, out);
        }
    }
    if (used < several.size() && !values.is(Kind::dict)) {
        return run.fail("not all arguments converted during string formatting");
    }
    return run.string(out.take());
}

// ---- "{…}"

namespace {

Spec brace_spec(Run& run, std::string_view from) {
    Spec spec;
    if (!from.empty()) {
        const std::size_t first = first_character(from).bytes;
        const auto is_align = [&](std::size_t i) {
            return i < from.size() &&
                   std::string_view("<>^=").find(from[i]) != std::string_view::npos;
        };
        if (is_align(first)) {
            spec.fill = from.substr(0, first);
            spec.align = from[first];
            from.remove_prefix(first + 1);
        } else if (is_align(0)) {
            spec.align = from[0];
            from.remove_prefix(1);
        }
    }
    for (const char sign : {'+', ' ', '-'}) {
        if (take(from, sign)) spec.sign = sign;
    }
    if (take(from, '#')) spec.alternate = true;
    if (take(from, '0') && spec.align == 0) {
        spec.align = '=';
        spec.fill = "0";
    }
    take_width_and_precision(from, spec);
    if (!from.empty()) {
        spec.type = from[0];
        from.remove_prefix(1);
    }
    if (!from.empty()) run.fail("invalid format specifier");
    return spec;
}

void append_braces(Run& run, const Value& value, Spec spec, TextBuilder& out) {
    const bool as_number = value.is_number() && (!value.is(Kind::boolean) || spec.type != 0);
    if (as_number) {
        if (spec.type != 0 && !is_integer_type(spec.type) && !is_real_type(spec.type)) {
            run.fail(fmt::format("unknown format code '{}' for a number", spec.type));
            return;
        }
        return append_number(run, value, spec, out);
    }
    if (spec.type != 0 && spec.type != 's') {
        run.fail(fmt::format("unknown format code '{}' for '{}'", spec.type, type_name(value)));
        return;
    }
    if (spec.align == 0) spec.align = '<';
    append_text(run, to_text(run, value), spec, out);
}

// The argument that a field names: "", "0", "name".
Value field(Run& run, std::string_view name, const Arguments& arguments, std::size_t& next) {
    std::string_view digits = name;
    const auto index = take_number(digits);
    if (name.empty() || (index && digits.empty())) {
        const std::uint64_t at = index ? *index : next++;
        if (at < arguments.positional.size()) return arguments.positional[at];
        return run.fail("replacement index out of range");
    }
    for (const auto& [key, value] : arguments.named) {
        if (key == name) return value;
    }
    return run.fail(fmt::format("no argument '{}' for the format string", name));
}

}  // namespace

Value format_braces(Run& run, const Text& format, const Arguments& arguments) {
    TextBuilder out(run.meter);
    std::size_t next = 0;
    std::size_t at = 0;
    while (at < format.size() && !run.meter.failed()) {
        const std::size_t brace = std::min(format.view().find_first_of("{}", at), format.size());
        out.append(format, {at, brace});
        if (brace == format.size()) break;
        const char c = format.bytes[brace];
        if (brace + 1 < format.size() && format.bytes[brace + 1] == c) {
            out.append(format, {brace, brace + 1});
            at = brace + 2;
            continue;
        }
        const std::size_t close = format.view().find('}', brace);
        if (c == '}' || close == std::string_view::npos) {
            return run.fail("single brace in format string");
        }
        const std::string_view inside = format.view().substr(brace + 1, close - brace - 1);
        const std::size_t colon = std::min(inside.find(':'), inside.size());
        const Value value = field(run, inside.substr(0, colon), arguments, next);
        const std::string_view spec = colon < inside.size() ? inside.substr(colon + 1) : "";
        append_braces(run, value, brace_spec(run, spec), out);
        at = close + 1;
    }
    return run.string(out.take());
}

}  // namespace greenroom::runtime::jinja
