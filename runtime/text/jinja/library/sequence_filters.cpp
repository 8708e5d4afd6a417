#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/library/access.hpp"
#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/values/arithmetic.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"
#include "runtime/text/jinja/values/text_operations.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;

Value default_filter(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "default", {"default_value", "boolean"});
    const bool wanted = self.is(Kind::undefined) || (is_true(given[1]) && !is_true(self));
    if (!wanted) return self;
    return given[0].is(Kind::undefined) ? run.string("") : given[0];
}

Value length_filter(Rendering& run, const Value& self, Args args) {
    bind(run, args, "length", {});
    return run.integer(static_cast<Integer>(length(run, self)));
}

Value to_list(Rendering& run, const Value& self, Args args) {
    bind(run, args, "list", {});
    return run.list(iterate(run, self));
}

Value items(Rendering& run, const Value& self, Args args) {
    bind(run, args, "items", {});
    if (self.is(Kind::undefined)) return run.list({}, List::Flavor::generator);
    if (!self.is(Kind::dict)) return run.fail("items of what is not a mapping");
    return run.list(entry_pairs(run, self.dict()), List::Flavor::generator);
}

Value join(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "join", {"d", "attribute"});
    const Text between = to_text(run, given[0]);
    TextBuilder out(run.meter);
    bool first = true;
    for (const Value& each : iterate(run, self)) {
        if (run.meter.failed()) break;
        if (!std::exchange(first, false)) out.append(between);
        print(run, given[1].is(Kind::undefined) ? each : dotted(run, each, given[1]), out);
    }
    return run.string(out.take());
}

Value first(Rendering& run, const Value& self, Args args) {
    bind(run, args, "first", {});
    const std::vector<Value> all = iterate(run, self);
    return all.empty() ? run.missing("no first item, the sequence is empty") : all.front();
}

Value last(Rendering& run, const Value& self, Args args) {
    bind(run, args, "last", {});
    const std::vector<Value> all = iterate(run, self);
    return all.empty() ? run.missing("no last item, the sequence is empty") : all.back();
}

Value reverse(Rendering& run, const Value& self, Args args) {
    bind(run, args, "reverse", {});
    if (self.is(Kind::string)) {
        return slice(run, self, {Value::none(), Value::none(), Value::integer(-1)});
    }
    std::vector<Value> all = iterate(run, self);
    std::reverse(all.begin(), all.end());
    return run.list(std::move(all), List::Flavor::generator);
}

struct Ordering {
    Value attribute;
    bool case_sensitive = false;
    bool reverse = false;
};

// What an item is compared by.
Value sort_key(Rendering& run, const Value& item, const Ordering& ordering) {
    const Value& attribute = ordering.attribute;
    const bool whole = attribute.is(Kind::undefined) || attribute.is(Kind::none);
    Value key = whole ? item : dotted(run, item, attribute);
    if (ordering.case_sensitive || !key.is(Kind::string)) return key;
    return run.string(in_case(run, key.text(), Case::lower));
}

using Keyed = std::pair<Value, Value>;  // key, item

std::vector<Keyed> keyed(Rendering& run,
                         const std::vector<Value>& items,
                         const Ordering& ordering) {
    std::vector<Keyed> out;
    for (const Value& item : items) {
        if (run.meter.failed()) break;
        out.emplace_back(sort_key(run, item, ordering), item);
    }
    return out;
}

// Stable in both directions, as Python sorts.
std::vector<Keyed> sorted(Rendering& run, std::vector<Keyed> all, bool reverse) {
    std::stable_sort(all.begin(), all.end(), [&](const Keyed& a, const Keyed& b) {
        return reverse ? less(run, b.first, a.first) : less(run, a.first, b.first);
    });
    return all;
}

std::vector<Value> without_keys(std::vector<Keyed> all) {
    std::vector<Value> out;
    out.reserve(all.size());
    for (Keyed& each : all) out.push_back(std::move(each.second));
    return out;
}

Value sort(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given =
        bind(run, args, "sort", {"reverse", "case_sensitive", "attribute"});
    const Ordering ordering{given[2], is_true(given[1]), is_true(given[0])};
    std::vector<Keyed> all = keyed(run, iterate(run, self), ordering);
    return run.list(without_keys(sorted(run, std::move(all), ordering.reverse)));
}

Value dictsort(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given =
        bind(run, args, "dictsort", {"case_sensitive", "by", "reverse"});
    if (!self.is(Kind::dict)) return run.fail("dictsort of what is not a dict");
    const Text by = text_or(run, given[1], "key");
    const Ordering ordering{Value::integer(by.view() == "value" ? 1 : 0), is_true(given[0]), false};
    std::vector<Keyed> all = keyed(run, entry_pairs(run, self.dict()), ordering);
    return run.list(without_keys(sorted(run, std::move(all), is_true(given[2]))));
}

Value unique(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "unique", {"case_sensitive", "attribute"});
    const Ordering ordering{given[1], is_true(given[0]), false};
    std::vector<Value> seen;
    std::vector<Value> out;
    for (const Value& item : iterate(run, self)) {
        const Value key = sort_key(run, item, ordering);
        const auto same = [&](const Value& each) { return equal(run, each, key); };
        if (std::any_of(seen.begin(), seen.end(), same)) continue;
        if (run.meter.failed()) break;
        seen.push_back(key);
        out.push_back(item);
    }
    return run.list(std::move(out), List::Flavor::generator);
}

template <bool greatest>
Value extreme(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "min", {"case_sensitive", "attribute"});
    const std::vector<Keyed> all =
        keyed(run, iterate(run, self), Ordering{given[1], is_true(given[0]), false});
    if (all.empty()) return run.missing("no smallest or greatest item, the sequence is empty");
    const Keyed* best = &all.front();
    for (const Keyed& each : all) {
        const bool better =
            greatest ? less(run, best->first, each.first) : less(run, each.first, best->first);
        if (better) best = &each;
    }
    return best->second;
}

Value sum(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "sum", {"attribute", "start"});
    Value total = given[1].is(Kind::undefined) ? Value::integer(0) : given[1];
    const bool whole = given[0].is(Kind::undefined) || given[0].is(Kind::none);
    for (const Value& item : iterate(run, self)) {
        if (run.meter.failed()) break;
        total = add(run, total, whole ? item : dotted(run, item, given[0]));
    }
    return total;
}

Value groupby(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given =
        bind(run, args, "groupby", {"attribute", "default", "case_sensitive"});
    const Ordering ordering{given[0], is_true(given[2]), false};
    const std::vector<Keyed> all =
        sorted(run, keyed(run, iterate(run, self), ordering), ordering.reverse);
    std::vector<Value> groups;
    for (std::size_t i = 0; i < all.size() && !run.meter.failed();) {
        std::vector<Value> members;
        const Value& key = all[i].first;
        for (; i < all.size() && equal(run, all[i].first, key); ++i)
            members.push_back(all[i].second);
        const Value name = dotted(run, members.empty() ? Value() : members[0], given[0]);
        groups.push_back(run.list({name, run.list(std::move(members))}, List::Flavor::tuple));
    }
    return run.list(std::move(groups));
}

constexpr std::array kFilters = std::to_array<NamedOperation>({
    {"length", length_filter},
    {"default", default_filter},
    {"join", join},
    {"items", items},
    {"list", to_list},
    {"dictsort", dictsort},
    {"first", first},
    {"last", last},
    {"sort", sort},
    {"unique", unique},
    {"min", extreme<false>},
    {"max", extreme<true>},
    {"sum", sum},
    {"reverse", reverse},
    {"groupby", groupby},
    {"count", length_filter},
    {"d", default_filter},
});

}  // namespace

std::span<const NamedOperation> sequence_filters() {
    return kFilters;
}

}  // namespace greenroom::runtime::jinja
