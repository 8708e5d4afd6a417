#include <algorithm>
#include <array>
#include <limits>

#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/json_text.hpp"
#include "runtime/text/jinja/values/percent_format.hpp"
#include "runtime/text/jinja/values/text_operations.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;

template <Case wanted>
Value change_case(Rendering& run, const Value& self, Args args) {
    bind(run, args, "case", {});
    return run.string(in_case(run, to_text(run, self), wanted));
}

Value as_string(Rendering& run, const Value& self, Args args) {
    bind(run, args, "string", {});
    return self.is(Kind::string) ? self : run.string(to_text(run, self));
}

Value safe(Rendering& run, const Value& self, Args args) {
    bind(run, args, "safe", {});
    return self.is_markup() ? self : run.markup(to_text(run, self));
}

Value escape(Rendering& run, const Value& self, Args args) {
    bind(run, args, "escape", {});
    return self.is_markup() ? self : run.markup(html_escaped(run, to_text(run, self)));
}

Value trim(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "trim", {"chars"});
    std::optional<Text> set;
    if (given[0].is(Kind::string)) set = given[0].text();
    return run.string(strip(run, to_text(run, self), set, Side::both));
}

Value replace_filter(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "replace", {"old", "new", "count"});
    const bool all = given[2].is(Kind::none) || given[2].is(Kind::undefined);
    const Integer count = all ? -1 : integer_or(run, given[2], -1);
    const std::uint64_t most =
        count < 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(count);
    const Text old = to_text(run, given[0]);
    const Text by = to_text(run, given[1]);
    return run.string(replace(run, to_text(run, self), old, by, most));
}

Value indent_filter(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "indent", {"width", "first", "blank"});
    TextBuilder by(run.meter);
    if (given[0].is(Kind::string)) {
        by.append(given[0].text());
    } else {
        const Integer width =
            std::clamp(integer_or(run, given[0], 4), Integer{0}, Integer{1} << 40);
        by.append_repeated(" ", static_cast<std::uint64_t>(width));
    }
    const Text unit = by.take();
    const bool first = is_true(given[1]);
    return run.string(indent(run, to_text(run, self), unit.view(), first, is_true(given[2])));
}

Value center(Rendering& run, const Value& self, Args args) {
    const Integer width = integer_or(run, bind(run, args, "center", {"width"})[0], 80);
    return run.string(pad(run, to_text(run, self), width, " ", Side::both));
}

Value format_filter(Rendering& run, const Value& self, Args args) {
    const Value values = run.list(args.positional, List::Flavor::tuple);
    return format_percent(run, to_text(run, self), values);
}

Value wordcount(Rendering& run, const Value& self, Args args) {
    bind(run, args, "wordcount", {});
    constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
    return run.integer(static_cast<Integer>(split_at_spaces(run, to_text(run, self), kAll).size()));
}

std::optional<std::string> indentation(Rendering& run, const Value& given) {
    if (given.is(Kind::string)) return given.text().bytes;
    if (!given.is_integral()) return std::nullopt;
    const Integer width = std::clamp(given.as_integer(), Integer{0}, Integer{1} << 40);
    if (!run.meter.fits(static_cast<std::uint64_t>(width))) return std::nullopt;
    return std::string(static_cast<std::size_t>(width), ' ');
}

Value tojson(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given =
        bind(run, args, "tojson", {"ensure_ascii", "indent", "separators", "sort_keys"});
    std::optional<std::string> indent = indentation(run, given[1]);
    const std::string_view between = indent ? "," : ", ";
    JsonStyle style{.indent = std::move(indent), .item_separator = std::string(between)};
    style.ensure_ascii = is_true(given[0]);
    style.sort_keys = is_true(given[3]);
    if (given[2].is(Kind::list) && given[2].list().items.size() == 2) {
        style.item_separator = text_or(run, given[2].list().items[0], "").bytes;
        style.key_separator = text_or(run, given[2].list().items[1], "").bytes;
    }
    return run.string(to_json(run, self, style));
}

constexpr std::array kFilters = std::to_array<NamedOperation>({
    {"tojson", tojson},
    {"trim", trim},
    {"string", as_string},
    {"safe", safe},
    {"escape", escape},
    {"e", escape},
    {"lower", change_case<Case::lower>},
    {"upper", change_case<Case::upper>},
    {"replace", replace_filter},
    {"indent", indent_filter},
    {"capitalize", change_case<Case::capitalized>},
    {"title", change_case<Case::words>},
    {"center", center},
    {"format", format_filter},
    {"wordcount", wordcount},
});

}  // namespace

std::span<const NamedOperation> text_filters() {
    return kFilters;
}

}  // namespace greenroom::runtime::jinja
