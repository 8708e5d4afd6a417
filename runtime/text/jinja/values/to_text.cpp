#include "runtime/text/jinja/values/to_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

std::string escaped_character(const Character& c, std::string_view bytes, char quote) {
    if (c.value == '\\' || c.value == static_cast<char32_t>(quote)) return {'\\', bytes[0]};
    if (c.value == '\n') return "\\n";
    if (c.value == '\r') return "\\r";
    if (c.value == '\t') return "\\t";
    if (is_printable(c.value)) return std::string(bytes);
    const auto code = static_cast<std::uint32_t>(c.value);
    if (code < 0x100) return fmt::format("\\x{:02x}", code);
    return code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

void print_quoted(Rendering& run, const Text& text, TextBuilder& out) {
    if (!run.meter.spend_characters(text.size())) return;
    const bool has_single = text.view().find('\'') != std::string_view::npos;
    const bool has_double = text.view().find('"') != std::string_view::npos;
    const char quote = has_single && !has_double ? '"' : '\'';
    out.append({&quote, 1}, text.origin());
    text.each_run([&](std::string_view bytes, Origin origin) {
        std::string escaped;
        while (!bytes.empty()) {
            const Character c = first_character(bytes);
            escaped += escaped_character(c, bytes.substr(0, c.bytes), quote);
            bytes.remove_prefix(c.bytes);
        }
        out.append(escaped, origin);
    });
    out.append({&quote, 1}, text.origin());
}

void print_items(Rendering& run, const List& list, TextBuilder& out, int depth) {
    const bool tuple = list.flavor == List::Flavor::tuple;
    out.append(tuple ? "(" : "[", list.origin);
    bool first = true;
    for (const Value& item : list.items) {
        if (run.meter.failed()) return;
        if (!std::exchange(first, false)) out.append(", ", list.origin);
        print_literal(run, item, out, depth + 1);
    }
    if (tuple && list.items.size() == 1) out.append(",", list.origin);
    out.append(tuple ? ")" : "]", list.origin);
}

void print_entries(Rendering& run, const Dict& dict, TextBuilder& out, int depth) {
    out.append("{", dict.origin);
    bool first = true;
    for (const auto& [key, value] : dict.entries) {
        if (run.meter.failed()) return;
        if (!std::exchange(first, false)) out.append(", ", dict.origin);
        print_literal(run, key, out, depth + 1);
        out.append(": ", dict.origin);
        print_literal(run, value, out, depth + 1);
    }
    out.append("}", dict.origin);
}

std::string scalar_text(const Value& value) {
    switch (value.kind()) {
        case Kind::none:
            return "None";
        case Kind::boolean:
            return value.as_boolean() ? "True" : "False";
        case Kind::integer:
            return integer_text(value.as_integer());
        default:
            return real_text(value.as_real());
    }
}

}  // namespace

std::string integer_text(Integer value) {
    const bool negative = value < 0;
    return fmt::format(
        "{}{}", negative ? "-" : "", static_cast<std::uint64_t>(negative ? -value : value));
}

std::string real_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::array<char, 32> buffer;
    const auto form = std::chars_format::scientific;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form).ptr;
    const std::string_view all(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const std::size_t e = all.find('e');
    const char* digits = all.data() + e + (all[e + 1] == '+' ? 2 : 1);
    int exponent = 0;
    std::from_chars(digits, end, exponent);
    if (exponent < -4 || exponent >= 16) return std::string(all);
    std::array<char, 32> plain;
    const auto stop =
        std::to_chars(plain.data(), plain.data() + plain.size(), value, std::chars_format::fixed)
            .ptr;
    std::string out(plain.data(), stop);
    return out.find('.') == std::string::npos ? out + ".0" : out;
}

void print(Rendering& run, const Value& value, TextBuilder& out) {
    if (value.is(Kind::undefined)) return;
    if (value.is(Kind::string)) {
        out.append(value.text());
    } else {
        print_literal(run, value, out);
    }
}

Text to_text(Rendering& run, const Value& value) {
    if (value.is(Kind::string)) return value.text();
    TextBuilder out(run.meter);
    print(run, value, out);
    return out.take();
}

void print_literal(Rendering& run, const Value& value, TextBuilder& out, int depth) {
    if (!run.meter.spend(1) || !run.meter.nests(depth)) return;
    switch (value.kind()) {
        case Kind::undefined:
            return out.append("Undefined");
        case Kind::string:
            return print_quoted(run, value.text(), out);
        case Kind::list:
            return print_items(run, value.list(), out, depth);
        case Kind::dict:
            return print_entries(run, value.dict(), out, depth);
        case Kind::space:
            out.append("<Namespace ");
            print_entries(run, value.dict(), out, depth);
            return out.append(">");
        case Kind::callable:
            run.fail("a function cannot be printed");
            return;
        default:
            return out.append(scalar_text(value), value.origin());
    }
}

}  // namespace greenroom::runtime::jinja
