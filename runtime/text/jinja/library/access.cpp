#include "runtime/text/jinja/library/access.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "runtime/text/jinja/library/methods.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

Value no_attribute(Rendering& run, const Value& from, std::string_view name) {
    return run.missing(fmt::format("'{} object' has no attribute '{}'", type_name(from), name));
}

Value item(Rendering& run, const List& list, Integer index) {
    const auto size = static_cast<Integer>(list.items.size());
    if (index < 0) index += size;
    if (index < 0 || index >= size) return run.missing("list index out of range");
    return list.items[static_cast<std::size_t>(index)];
}

Value character(Rendering& run, const Text& text, Integer index) {
    if (!run.meter.spend_characters(text.size())) return {};
    if (index < 0) index += static_cast<Integer>(count_characters(text.view()));
    if (index < 0 || index >= static_cast<Integer>(text.size())) {
        return run.missing("string index out of range");
    }
    const std::size_t at = byte_of_character(text.view(), static_cast<std::size_t>(index));
    if (at == text.size()) return run.missing("string index out of range");
    return run.string(text.slice({at, at + first_character(text.view().substr(at)).bytes}));
}

}  // namespace

Value attribute(Rendering& run, const Value& from, std::string_view name) {
    if (from.is(Kind::undefined)) return run.fail_undefined(from);
    if (from.is(Kind::callable)) return from.callable().attribute(run, name);
    if (const Value method = find_method(run, from, name); !method.is(Kind::undefined))
        return method;
    if (from.is(Kind::dict) || from.is(Kind::space)) {
        run.meter.spend(from.dict().entries.size() / 8);
        if (const Value* found = from.dict().find(name)) return *found;
    }
    return no_attribute(run, from, name);
}

Value subscript(Rendering& run, const Value& from, const Value& key) {
    if (from.is(Kind::undefined)) return run.fail_undefined(from);
    if (from.is(Kind::dict)) {
        if (const Value* found = find(run, from.dict(), key)) return *found;
    }
    if (key.is_integral() && from.is(Kind::list)) return item(run, from.list(), key.as_integer());
    if (key.is_integral() && from.is(Kind::string)) {
        return character(run, from.text(), key.as_integer());
    }
    if (key.is(Kind::string)) return attribute(run, from, key.view());
    return run.missing(fmt::format("'{} object' has no such element", type_name(from)));
}

Value dotted(Rendering& run, const Value& from, const Value& path) {
    if (!path.is(Kind::string)) return subscript(run, from, path);
    Value at = from;
    std::string_view rest = path.view();
    while (!run.meter.failed()) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const std::string_view part = rest.substr(0, dot);
        std::int64_t index = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool is_index = error == std::errc() && end == part.data() + part.size();
        at = is_index ? subscript(run, at, Value::integer(index))
                      : subscript(run, at, run.string(part));
        if (dot == rest.size()) break;
        rest.remove_prefix(dot + 1);
    }
    return at;
}

}  // namespace greenroom::runtime::jinja
