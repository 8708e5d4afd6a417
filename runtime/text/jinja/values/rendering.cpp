#include "runtime/text/jinja/values/rendering.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::runtime::jinja {

Value Rendering::fail(std::string problem) {
    meter.fail(std::move(problem));
    return {};
}

Value Rendering::list(std::vector<Value> items, List::Flavor flavor) {
    return Value::list(heap.make<List>(std::move(items), flavor));
}

Value Rendering::integer(Integer value, Origin origin) {
    if (!Value::is_in_range(value)) return fail("makes an integer of more than 64 bits");
    return Value::integer(value, origin);
}

Value Rendering::fail_undefined(const Value& value) {
    const std::string_view what = value.missing();
    return fail(what.empty() ? "an undefined value is used" : std::string(what));
}

Value Callable::attribute(Rendering& run, std::string_view name) {
    return run.missing(fmt::format("'function' object has no attribute '{}'", name));
}

Value Rendering::missing(std::string what) {
    return Value::undefined(heap.make<String>(Text(std::move(what))));
}

std::vector<Value> bind(Rendering& run,
                        const Arguments& arguments,
                        std::string_view callee,
                        std::initializer_list<std::string_view> parameters) {
    std::vector<Value> out(parameters.size());
    if (arguments.positional.size() > parameters.size()) {
        run.fail(fmt::format("{}() takes at most {} arguments, not {}",
                             callee,
                             parameters.size(),
                             arguments.positional.size()));
        return out;
    }
    std::copy(arguments.positional.begin(), arguments.positional.end(), out.begin());
    for (const auto& [name, value] : arguments.named) {
        const auto* found = std::find(parameters.begin(), parameters.end(), name);
        if (found == parameters.end()) {
            run.fail(fmt::format("{}() has no parameter '{}'", callee, name));
        } else {
            out[static_cast<std::size_t>(found - parameters.begin())] = value;
        }
    }
    return out;
}

Integer integer_or(Rendering& run, const Value& argument, Integer otherwise) {
    if (argument.is_integral()) return argument.as_integer();
    if (!argument.is(Kind::undefined)) {
        run.fail(fmt::format("expected an integer, not '{}'", type_name(argument)));
    }
    return otherwise;
}

Text text_or(Rendering& run, const Value& argument, std::string_view otherwise) {
    if (argument.is(Kind::string)) return argument.text();
    if (!argument.is(Kind::undefined)) {
        run.fail(fmt::format("expected a string, not '{}'", type_name(argument)));
    }
    return Text(std::string(otherwise));
}

}  // namespace greenroom::runtime::jinja
