#include "runtime/text/jinja/values/percent_format.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/text/jinja/values/format_field.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

void take_flags(std::string_view& from, FieldStyle& style) {
    for (; !from.empty(); from.remove_prefix(1)) {
        switch (from[0]) {
            case '-':
                style.align = '<';
                break;
            case '0':
                if (style.align != '<') style.align = '=';
                break;
            case '+':
                style.sign = '+';
                break;
            case ' ':
                if (style.sign != '+') style.sign = ' ';
                break;
            case '#':
                style.alternate = true;
                break;
            default:
                return;
        }
    }
}

// What stands behind a %, taken off `from`.
FieldStyle take_style(std::string_view& from) {
    FieldStyle style;
    style.align = '>';
    take_flags(from, style);
    if (style.align == '=') style.fill = "0";
    take_width_and_precision(from, style);
    if (!from.empty()) {
        style.type = from[0];
        from.remove_prefix(1);
    }
    return style;
}

// As text: %s prints it, %r writes it as a literal. Zeros never pad it.
void append_printed(Rendering& run, const Value& value, FieldStyle style, TextBuilder& out) {
    if (style.align == '=') {
        style.align = '>';
        style.fill = " ";
    }
    TextBuilder body(run.meter);
    if (style.type == 'r') {
        print_literal(run, value, body);
    } else {
        print(run, value, body);
    }
    append_text(run, body.take(), style, out);
}

void append_field(Rendering& run, const Value& value, const FieldStyle& style, TextBuilder& out) {
    if (style.type == 's' || style.type == 'r') return append_printed(run, value, style, out);
    if (!is_integer_type(style.type) && !is_real_type(style.type)) {
        run.fail(fmt::format("unsupported format character '{}'", style.type));
    } else if (!value.is_number()) {
        run.fail(fmt::format(
            "%{} format: a number is required, not '{}'", style.type, type_name(value)));
    } else {
        append_number(run, value, style, out);
    }
}

}  // namespace

Value format_percent(Rendering& run, const Text& format, const Value& values) {
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
        const FieldStyle style = take_style(rest);
        if (style.type == '%') {
            out.append("%");
        } else if (used == several.size()) {
            return run.fail("not enough arguments for format string");
        } else {
            append_field(run, several[used++], style, out);
        }
    }
    if (used < several.size() && !values.is(Kind::dict)) {
        return run.fail("not all arguments converted during string formatting");
    }
    return run.string(out.take());
}

}  // namespace greenroom::runtime::jinja
