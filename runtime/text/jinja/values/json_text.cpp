#include "runtime/text/jinja/values/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/to_text.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

std::string escape_sequence(char32_t c) {
    switch (c) {
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\b':
            return "\\b";
        case '\f':
            return "\\f";
        default:
            break;
    }
    const auto code = static_cast<std::uint32_t>(c);
    if (code < 0x10000) return fmt::format("\\u{:04x}", code);
    const std::uint32_t pair = code - 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (pair >> 10), 0xDC00 + (pair & 0x3FF));
}

std::string scalar(const Value& value) {
    switch (value.kind()) {
        case Kind::none:
            return "null";
        case Kind::boolean:
            return value.as_boolean() ? "true" : "false";
        case Kind::integer:
            return integer_text(value.as_integer());
        default:
            break;
    }
    const double real = value.as_real();
    if (std::isnan(real)) return "NaN";
    if (std::isinf(real)) return real < 0 ? "-Infinity" : "Infinity";
    return real_text(real);
}

class Writer {
 public:
    Writer(Rendering& run, const JsonStyle& style) : run_(run), style_(style), out_(run.meter) {}

    void write(const Value& value, int depth) {
        if (!run_.meter.spend(1) || !run_.meter.nests(depth)) return;
        switch (value.kind()) {
            case Kind::string:
                return write_string(value.text());
            case Kind::list:
                return write_list(value.list(), depth);
            case Kind::dict:
                return write_dict(value.dict(), depth);
            case Kind::undefined:
            case Kind::space:
            case Kind::callable:
                return refuse(type_name(value));
            default:
                return out_.append(scalar(value), value.origin());
        }
    }
    Text take() { return out_.take(); }

 private:
    void refuse(std::string_view type) {
        run_.fail(fmt::format("object of type {} is not JSON serializable", type));
    }

    void write_string(const Text& text) {
        if (!run_.meter.spend_characters(text.size())) return;
        out_.append("\"", text.origin());
        text.each_run([&](std::string_view rest, Origin origin) {
            std::string escaped;
            while (!rest.empty()) {
                const Character c = first_character(rest);
                const bool plain = c.value >= 0x20 && c.value != '"' && c.value != '\\' &&
                                   (c.value < 0x7F || !style_.ensure_ascii);
                escaped += plain ? std::string(rest.substr(0, c.bytes)) : escape_sequence(c.value);
                rest.remove_prefix(c.bytes);
            }
            out_.append(escaped, origin);
        });
        out_.append("\"", text.origin());
    }

    void write_break(int depth, Origin origin) {
        if (!style_.indent) return;
        out_.append("\n", origin);
        for (int i = 0; i < depth; ++i) out_.append(*style_.indent, origin);
    }

    void write_list(const List& list, int depth) {
        if (list.flavor == List::Flavor::generator || list.flavor == List::Flavor::view) {
            return refuse("generator");
        }
        if (list.items.empty()) return out_.append("[]", list.origin);
        out_.append("[", list.origin);
        bool first = true;
        for (const Value& item : list.items) {
            if (!std::exchange(first, false)) out_.append(style_.item_separator, list.origin);
            write_break(depth + 1, list.origin);
            write(item, depth + 1);
            if (run_.meter.failed()) return;
        }
        write_break(depth, list.origin);
        out_.append("]", list.origin);
    }

    std::vector<Dict::Entry> ordered(const Dict& dict) {
        std::vector<Dict::Entry> entries = dict.entries;
        if (!style_.sort_keys) return entries;
        std::stable_sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
            return less(run_, a.first, b.first);
        });
        return entries;
    }

    void write_key(const Value& key) {
        if (key.is(Kind::string)) return write_string(key.text());
        if (!key.is_number() && !key.is(Kind::none)) return refuse(type_name(key));
        write_string(Text(scalar(key), key.origin()));
    }

    void write_dict(const Dict& dict, int depth) {
        if (dict.entries.empty()) return out_.append("{}", dict.origin);
        out_.append("{", dict.origin);
        bool first = true;
        for (const auto& [key, value] : ordered(dict)) {
            if (!std::exchange(first, false)) out_.append(style_.item_separator, dict.origin);
            write_break(depth + 1, dict.origin);
            write_key(key);
            out_.append(style_.key_separator, dict.origin);
            write(value, depth + 1);
            if (run_.meter.failed()) return;
        }
        write_break(depth, dict.origin);
        out_.append("}", dict.origin);
    }

    Rendering& run_;
    const JsonStyle& style_;
    TextBuilder out_;
};

}  // namespace

Text to_json(Rendering& run, const Value& value, const JsonStyle& style) {
    Writer writer(run, style);
    writer.write(value, 0);
    return writer.take();
}

}  // namespace greenroom::runtime::jinja
