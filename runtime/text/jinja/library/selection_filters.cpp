#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/library/access.hpp"
#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/library/predicates.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;

// The first positional argument is a name; what is left belongs to what it names.
Arguments without_first(Args args, std::size_t n) {
    Arguments rest = args;
    rest.positional.erase(rest.positional.begin(),
                          rest.positional.begin() + static_cast<std::ptrdiff_t>(n));
    return rest;
}

// Nothing comes of nothing: none and other false values count as empty here, and only here.
std::vector<Value> items_of(Rendering& run, const Value& self) {
    return is_true(self) ? iterate(run, self) : std::vector<Value>();
}

Value map_attribute(Rendering& run, const Value& self, Args args) {
    const std::vector<Value> given = bind(run, args, "map", {"attribute", "default"});
    std::vector<Value> out;
    for (const Value& item : items_of(run, self)) {
        if (run.meter.failed()) break;
        const Value found = dotted(run, item, given[0]);
        out.push_back(found.is(Kind::undefined) && !given[1].is(Kind::undefined) ? given[1]
                                                                                 : found);
    }
    return run.list(std::move(out), List::Flavor::generator);
}

Value map(Rendering& run, const Value& self, Args args) {
    if (args.positional.empty()) return map_attribute(run, self, args);
    const Text filter = text_or(run, args.positional[0], "");
    const Arguments rest = without_first(args, 1);
    std::vector<Value> out;
    for (const Value& item : items_of(run, self)) {
        if (run.meter.failed()) break;
        out.push_back(apply_filter(run, filter.view(), item, rest));
    }
    return run.list(std::move(out), List::Flavor::generator);
}

enum class Subject : std::uint8_t { item, attribute };

// Keeps the items whose subject passes the named test (or is true), or those that do not.
template <Subject subject, bool wanted>
Value select(Rendering& run, const Value& self, Args args) {
    const std::size_t n_own = subject == Subject::attribute ? 1 : 0;
    if (args.positional.size() < n_own) return run.fail("selectattr() takes an attribute");
    const bool has_test = args.positional.size() > n_own;
    const Text test = has_test ? text_or(run, args.positional[n_own], "") : Text();
    const Arguments rest = without_first(args, n_own + (has_test ? 1 : 0));
    std::vector<Value> out;
    for (const Value& item : items_of(run, self)) {
        if (run.meter.failed()) break;
        const Value about = subject == Subject::item ? item : dotted(run, item, args.positional[0]);
        const bool passes = has_test ? holds(run, test.view(), about, rest) : is_true(about);
        if (passes == wanted) out.push_back(item);
    }
    return run.list(std::move(out), List::Flavor::generator);
}

constexpr std::array kFilters = std::to_array<NamedOperation>({
    {"map", map},
    {"select", select<Subject::item, true>},
    {"reject", select<Subject::item, false>},
    {"selectattr", select<Subject::attribute, true>},
    {"rejectattr", select<Subject::attribute, false>},
});

}  // namespace

std::span<const NamedOperation> selection_filters() {
    return kFilters;
}

}  // namespace greenroom::runtime::jinja
