#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

#include "runtime/text/jinja/library/methods.hpp"
#include "runtime/text/jinja/values/brace_format.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"
#include "runtime/text/jinja/values/text_operations.hpp"
#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// A count where negative and absent mean any number.
std::uint64_t count_or_all(Rendering& run, const Value& given) {
    const Integer count = integer_or(run, given, -1);
    return count < 0 ? kNoLimit : static_cast<std::uint64_t>(count);
}

template <Case wanted>
Value change_case(Rendering& run, const Value& self, Args args) {
    bind(run, args, "case", {});
    return run.string(in_case(run, self.text(), wanted));
}

template <Side side>
Value strip_side(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "strip", {"chars"});
    std::optional<Text> set;
    if (!given[0].is(Kind::undefined) && !given[0].is(Kind::none)) set = text_or(run, given[0], "");
    return run.string(strip(run, self.text(), set, side));
}

template <bool from_end>
Value split_method(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "split", {"sep", "maxsplit"});
    const std::uint64_t most = count_or_all(run, given[1]);
    if (given[0].is(Kind::undefined) || given[0].is(Kind::none)) {
        return run.list(split_at_spaces(run, self.text(), most));
    }
    const Text at = text_or(run, given[0], "");
    if (at.size() == 0) return run.fail("split() at an empty separator");
    return run.list(from_end ? split_from_end(run, self.text(), at.view(), most)
                             : split(run, self.text(), at.view(), most));
}

Value splitlines(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "splitlines", {"keepends"});
    return run.list(split_lines(run, self.text(), is_true(given[0])));
}

template <bool from_end>
Value partition(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "partition", {"sep"});
    const Text at = text_or(run, given[0], "");
    if (at.size() == 0) return run.fail("partition() at an empty separator");
    std::vector<Value> parts = from_end ? split_from_end(run, self.text(), at.view(), 1)
                                        : split(run, self.text(), at.view(), 1);
    if (parts.size() == 2) {
        parts.insert(parts.begin() + 1, run.string(at));
    } else {
        parts.insert(from_end ? parts.begin() : parts.end(), 2, run.string(""));
    }
    return run.list(std::move(parts), List::Flavor::tuple);
}

Value replace_method(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "replace", {"old", "new", "count"});
    const Text old = text_or(run, given[0], "");
    const Text by = text_or(run, given[1], "");
    return run.string(replace(run, self.text(), old, by, count_or_all(run, given[2])));
}

// The text from the character `start` to the character `end`.
std::string_view window(Rendering& run, const Text& text, const Value& start, const Value& end) {
    if (start.is(Kind::undefined) && end.is(Kind::undefined)) return text.view();
    const auto size = static_cast<Integer>(count_characters(text.view()));
    const auto place = [&](const Value& given, Integer otherwise) {
        Integer at = integer_or(run, given, otherwise);
        if (at < 0) at += size;
        at = std::clamp(at, Integer{0}, size);
        return byte_of_character(text.view(), static_cast<std::size_t>(at));
    };
    run.meter.spend_characters(text.size());
    const std::size_t begin = place(start, 0);
    return text.view().substr(begin, std::max(place(end, size), begin) - begin);
}

template <bool at_end>
Value affix(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "startswith", {"prefix", "start", "end"});
    const std::string_view text = window(run, self.text(), given[1], given[2]);
    const auto matches = [&](const Value& each) {
        const Text part = text_or(run, each, "");
        run.meter.spend_bytes(part.size());
        return at_end ? text.ends_with(part.view()) : text.starts_with(part.view());
    };
    if (!is_flavor(given[0], List::Flavor::tuple)) return Value::boolean(matches(given[0]));
    const std::vector<Value>& any = given[0].list().items;
    return Value::boolean(std::any_of(any.begin(), any.end(), matches));
}

template <bool at_end>
Value without_affix(Rendering& run, const Value& self, Args args) {
    const Text part = text_or(run, bind(run, args, "removeprefix", {"affix"})[0], "");
    const Text& text = self.text();
    const bool has =
        at_end ? text.view().ends_with(part.view()) : text.view().starts_with(part.view());
    if (!has) return self;
    const std::size_t size = text.size() - part.size();
    return run.string(
        text.slice(at_end ? ByteRange{0, size} : ByteRange{part.size(), text.size()}));
}

enum class Wanted : std::uint8_t { first, last };

// The index of the character where the text stands; -1 when it does not.
Integer index_of(Rendering& run, const Value& self, Args args, Wanted wanted) {
    const std::vector<Value> given = bind(run, args, "find", {"sub", "start", "end"});
    const Text needle = text_or(run, given[0], "");
    const std::string_view text = window(run, self.text(), given[1], given[2]);
    std::size_t at = 0;
    if (wanted == Wanted::first) {
        at = find_text(run, text, needle.view(), 0);
    } else if (run.meter.spend_bytes(text.size() * (needle.size() + 1))) {
        at = text.rfind(needle.view());
    }
    if (at == std::string_view::npos) return -1;
    const auto before = static_cast<std::size_t>(text.data() - self.view().data()) + at;
    run.meter.spend_characters(before);
    return static_cast<Integer>(count_characters(self.view().substr(0, before)));
}

template <Wanted wanted>
Value find_method_of(Rendering& run, const Value& self, Args args) {
    return run.integer(index_of(run, self, args, wanted));
}

template <Wanted wanted>
Value index_method(Rendering& run, const Value& self, Args args) {
    const Integer at = index_of(run, self, args, wanted);
    return at < 0 ? run.fail("substring not found") : run.integer(at);
}

Value count(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "count", {"sub"});
    const Text needle = text_or(run, given[0], "");
    if (needle.size() == 0) return run.integer(static_cast<Integer>(length(run, self)) + 1);
    return run.integer(static_cast<Integer>(occurrences(run, self.view(), needle.view()).size()));
}

Value join(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "join", {"items"});
    TextBuilder out(run.meter);
    bool first = true;
    for (const Value& each : iterate(run, given[0])) {
        if (!each.is(Kind::string)) {
            return run.fail(fmt::format("join() takes strings, not '{}'", type_name(each)));
        }
        if (!std::exchange(first, false)) out.append(self.text());
        out.append(each.text());
    }
    return run.string(out.take());
}

template <bool (*test)(char32_t)>
Value all_are(Rendering& run, const Value& self, Args args) {
    bind(run, args, "is", {});
    run.meter.spend_characters(self.text().size());
    std::string_view rest = self.view();
    const bool some = !rest.empty();
    while (!rest.empty()) {
        const Character c = first_character(rest);
        if (!test(c.value)) return Value::boolean(false);
        rest.remove_prefix(c.bytes);
    }
    return Value::boolean(some);
}

bool is_alphanumeric(char32_t c) {
    return is_alphabetic(c) || is_digit(c);
}

// Some character has this case and none the other.
template <bool upper>
Value all_in_case(Rendering& run, const Value& self, Args args) {
    bind(run, args, "is", {});
    const Text same = in_case(run, self.text(), upper ? Case::upper : Case::lower);
    const Text other = in_case(run, self.text(), upper ? Case::lower : Case::upper);
    return Value::boolean(same == self.text() && !(other == self.text()));
}

template <Side side>
Value pad_method(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "center", {"width", "fillchar"});
    const Text fill = text_or(run, given[1], " ");
    return run.string(pad(run, self.text(), integer_or(run, given[0], 0), fill.view(), side));
}

Value zfill(Rendering& run, const Value& self, Args args) {
    const Integer width = integer_or(run, bind(run, args, "zfill", {"width"})[0], 0);
    const Text& text = self.text();
    const bool sign = text.size() > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+');
    const std::size_t digits = sign ? 1 : 0;
    TextBuilder out(run.meter);
    out.append(text, {0, digits});
    out.append(pad(run,
                   text.slice({digits, text.size()}),
                   width - static_cast<Integer>(digits),
                   "0",
                   Side::end));
    return run.string(out.take());
}

Value format(Rendering& run, const Value& self, Args args) {
    return format_braces(run, self.text(), args);
}

constexpr std::array kMethods = std::to_array<NamedOperation>({
    {"capitalize", change_case<Case::capitalized>},
    {"center", pad_method<Side::both>},
    {"count", count},
    {"endswith", affix<true>},
    {"find", find_method_of<Wanted::first>},
    {"format", format},
    {"index", index_method<Wanted::first>},
    {"isalnum", all_are<is_alphanumeric>},
    {"isalpha", all_are<is_alphabetic>},
    {"isdigit", all_are<is_digit>},
    {"islower", all_in_case<false>},
    {"isspace", all_are<is_space>},
    {"isupper", all_in_case<true>},
    {"join", join},
    {"ljust", pad_method<Side::start>},
    {"lower", change_case<Case::lower>},
    {"lstrip", strip_side<Side::start>},
    {"partition", partition<false>},
    {"removeprefix", without_affix<false>},
    {"removesuffix", without_affix<true>},
    {"replace", replace_method},
    {"rfind", find_method_of<Wanted::last>},
    {"rindex", index_method<Wanted::last>},
    {"rjust", pad_method<Side::end>},
    {"rpartition", partition<true>},
    {"rsplit", split_method<true>},
    {"rstrip", strip_side<Side::end>},
    {"split", split_method<false>},
    {"splitlines", splitlines},
    {"startswith", affix<false>},
    {"strip", strip_side<Side::both>},
    {"swapcase", change_case<Case::swapped>},
    {"title", change_case<Case::title>},
    {"upper", change_case<Case::upper>},
    {"zfill", zfill},
});

}  // namespace

Operation string_method(std::string_view name) {
    return look_up(kMethods, name);
}

}  // namespace greenroom::runtime::jinja
