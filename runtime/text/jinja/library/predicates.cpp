#include "runtime/text/jinja/library/predicates.hpp"

#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "runtime/text/jinja/values/arithmetic.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/text_operations.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Args = const Arguments&;
using Test = bool (*)(Rendering&, const Value&, const Value&);

template <Kind kind>
bool is_kind(Rendering&, const Value& self, Args) {
    return self.is(kind);
}

template <bool wanted>
bool is_boolean(Rendering&, const Value& self, Args) {
    return self.is(Kind::boolean) && self.as_boolean() == wanted;
}

bool is_defined(Rendering&, const Value& self, Args) {
    return !self.is(Kind::undefined);
}
bool is_number(Rendering&, const Value& self, Args) {
    return self.is_number();
}

bool is_iterable(Rendering&, const Value& self, Args) {
    return self.is(Kind::list) || self.is(Kind::dict) || self.is(Kind::string) ||
           self.is(Kind::undefined);
}

bool is_sequence(Rendering&, const Value& self, Args) {
    const bool lazy =
        is_flavor(self, List::Flavor::generator) || is_flavor(self, List::Flavor::view);
    return (self.is(Kind::list) && !lazy) || self.is(Kind::dict) || self.is(Kind::string) ||
           self.is(Kind::undefined);
}

bool is_remainder(Rendering& run, const Value& self, Integer by, Integer rest) {
    return equal(run, remainder(run, self, Value::integer(by)), Value::integer(rest));
}
bool is_odd(Rendering& run, const Value& self, Args) {
    return is_remainder(run, self, 2, 1);
}
bool is_even(Rendering& run, const Value& self, Args) {
    return is_remainder(run, self, 2, 0);
}

template <Case wanted, Case other>
bool is_in_case(Rendering& run, const Value& self, Args) {
    const Text text = to_text(run, self);
    return in_case(run, text, wanted) == text && !(in_case(run, text, other) == text);
}

bool divisible(Rendering& run, const Value& a, const Value& b) {
    return equal(run, remainder(run, a, b), Value::integer(0));
}
bool is_equal(Rendering& run, const Value& a, const Value& b) {
    return equal(run, a, b);
}
bool not_equal(Rendering& run, const Value& a, const Value& b) {
    return !equal(run, a, b);
}
bool is_less(Rendering& run, const Value& a, const Value& b) {
    return less(run, a, b);
}
bool is_greater(Rendering& run, const Value& a, const Value& b) {
    return less(run, b, a);
}
bool at_most(Rendering& run, const Value& a, const Value& b) {
    return less(run, a, b) || equal(run, a, b);
}
bool at_least(Rendering& run, const Value& a, const Value& b) {
    return at_most(run, b, a);
}
bool is_in(Rendering& run, const Value& a, const Value& b) {
    return contains(run, b, a);
}
bool is_same(Rendering&, const Value& a, const Value& b) {
    return a.is_same(b);
}

template <Test test>
bool against(Rendering& run, const Value& self, Args args) {
    if (args.positional.size() != 1) {
        run.fail("this test takes one argument");
        return false;
    }
    return test(run, self, args.positional[0]);
}

bool is_escaped(Rendering&, const Value& self, Args) {
    return self.is_markup();
}
bool is_filter(Rendering&, const Value& self, Args) {
    return self.is(Kind::string) && find_filter(self.view()) != nullptr;
}
bool is_predicate(Rendering&, const Value& self, Args) {
    return self.is(Kind::string) && find_predicate(self.view()) != nullptr;
}

struct NamedPredicate {
    std::string_view name;
    Predicate holds;
};

constexpr std::array kPredicates = std::to_array<NamedPredicate>({
    {"defined", is_defined},
    {"string", is_kind<Kind::string>},
    {"none", is_kind<Kind::none>},
    {"mapping", is_kind<Kind::dict>},
    {"iterable", is_iterable},
    {"sequence", is_sequence},
    {"undefined", is_kind<Kind::undefined>},
    {"true", is_boolean<true>},
    {"false", is_boolean<false>},
    {"boolean", is_kind<Kind::boolean>},
    {"number", is_number},
    {"integer", is_kind<Kind::integer>},
    {"float", is_kind<Kind::real>},
    {"callable", is_kind<Kind::callable>},
    {"odd", is_odd},
    {"even", is_even},
    {"lower", is_in_case<Case::lower, Case::upper>},
    {"upper", is_in_case<Case::upper, Case::lower>},
    {"divisibleby", against<divisible>},
    {"eq", against<is_equal>},
    {"equalto", against<is_equal>},
    {"==", against<is_equal>},
    {"ne", against<not_equal>},
    {"!=", against<not_equal>},
    {"lt", against<is_less>},
    {"lessthan", against<is_less>},
    {"<", against<is_less>},
    {"le", against<at_most>},
    {"<=", against<at_most>},
    {"gt", against<is_greater>},
    {"greaterthan", against<is_greater>},
    {">", against<is_greater>},
    {"ge", against<at_least>},
    {">=", against<at_least>},
    {"in", against<is_in>},
    {"sameas", against<is_same>},
    {"escaped", is_escaped},
    {"filter", is_filter},
    {"test", is_predicate},
});

}  // namespace

Predicate find_predicate(std::string_view name) {
    for (const NamedPredicate& each : kPredicates) {
        if (each.name == name) return each.holds;
    }
    return nullptr;
}

bool holds(Rendering& run, std::string_view name, const Value& self, const Arguments& arguments) {
    const Predicate predicate = find_predicate(name);
    if (predicate != nullptr) return predicate(run, self, arguments);
    run.fail(fmt::format("no test named '{}'", name));
    return false;
}

}  // namespace greenroom::runtime::jinja
