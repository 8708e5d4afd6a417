// One rendering: its budget, its objects, its clock. Whatever works on values takes it. Knows no
// template.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/text/jinja/values/value.hpp"

namespace greenroom::runtime::jinja {

class Rendering {
 public:
    Rendering(const TemplateLimits& limits, std::int64_t now)
        : meter(limits), heap(meter), now(now) {}

    Value fail(std::string problem);           // undefined
    Value fail_undefined(const Value& value);  // with what that value has to say
    Value string(Text text) { return Value::string(heap.make<String>(std::move(text))); }
    Value markup(Text text) { return Value::string(heap.make<String>(std::move(text), true)); }
    Value string(std::string_view text) { return string(Text(std::string(text))); }
    Value list(std::vector<Value> items, List::Flavor flavor = List::Flavor::list);
    Value integer(Integer value, Origin origin = Origin::source);  // fails when out of range
    Value missing(std::string what);  // undefined, and what to say when it is used

    Meter meter;
    Heap heap;
    const std::int64_t now;  // seconds since 1970, UTC
};

// What a call hands over.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string_view, Value>> named;
};

// Sorts arguments into parameters; one not given is undefined. Fails for those that do not fit.
std::vector<Value> bind(Rendering& run,
                        const Arguments& arguments,
                        std::string_view callee,
                        std::initializer_list<std::string_view> parameters);

// The integer that an argument holds, or `otherwise` when it was not given.
Integer integer_or(Rendering& run, const Value& argument, Integer otherwise);
// The same for text; fails when the argument is something else.
Text text_or(Rendering& run, const Value& argument, std::string_view otherwise);

}  // namespace greenroom::runtime::jinja
