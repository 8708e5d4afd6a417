#include "runtime/text/jinja/values/brace_format.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/text/jinja/values/format_field.hpp"
#include "runtime/text/jinja/values/to_text.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

bool is_align(std::string_view text, std::size_t at) {
    return at < text.size() && std::string_view("<>^=").find(text[at]) != std::string_view::npos;
}

void take_alignment(std::string_view& from, FieldStyle& style) {
    const std::size_t first = from.empty() ? 0 : first_character(from).bytes;
    if (is_align(from, first)) {
        style.fill = from.substr(0, first);
        style.align = from[first];
        from.remove_prefix(first + 1);
    } else if (is_align(from, 0)) {
        style.align = from[0];
        from.remove_prefix(1);
    }
}

// What stands behind the colon of a field.
FieldStyle read_style(Rendering& run, std::string_view from) {
    FieldStyle style;
    take_alignment(from, style);
    for (const char sign : {'+', ' ', '-'}) {
        if (take(from, sign)) style.sign = sign;
    }
    if (take(from, '#')) style.alternate = true;
    if (take(from, '0') && style.align == 0) {
        style.align = '=';
        style.fill = "0";
    }
    take_width_and_precision(from, style);
    if (!from.empty()) {
        style.type = from[0];
        from.remove_prefix(1);
    }
    if (!from.empty()) run.fail("invalid format specifier");
    return style;
}

void append_field(Rendering& run, const Value& value, FieldStyle style, TextBuilder& out) {
    const bool as_number = value.is_number() && (!value.is(Kind::boolean) || style.type != 0);
    if (as_number) {
        if (style.type != 0 && !is_integer_type(style.type) && !is_real_type(style.type)) {
            run.fail(fmt::format("unknown format code '{}' for a number", style.type));
            return;
        }
        return append_number(run, value, style, out);
    }
    if (style.type != 0 && style.type != 's') {
        run.fail(fmt::format("unknown format code '{}' for '{}'", style.type, type_name(value)));
        return;
    }
    if (style.align == 0) style.align = '<';
    append_text(run, to_text(run, value), style, out);
}

// The argument that a field names: "", "0", "name".
Value field(Rendering& run, std::string_view name, const Arguments& arguments, std::size_t& next) {
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

Value format_braces(Rendering& run, const Text& format, const Arguments& arguments) {
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
        const std::string_view style = colon < inside.size() ? inside.substr(colon + 1) : "";
        append_field(run, value, read_style(run, style), out);
        at = close + 1;
    }
    return run.string(out.take());
}

}  // namespace greenroom::runtime::jinja
