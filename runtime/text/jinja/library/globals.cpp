#include "runtime/text/jinja/library/globals.hpp"

#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/library/strftime.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/to_text.hpp"

namespace greenroom::runtime::jinja {
namespace {

using Function = Value (*)(Rendering& run, const Arguments& arguments);

struct BuiltIn final : Callable {
    BuiltIn(std::string_view name, Function function) : own_name(name), function(function) {}
    Value call(Rendering& run, Arguments& arguments) override { return function(run, arguments); }
    std::string_view name() const override { return own_name; }
    std::size_t footprint() const override { return sizeof(*this); }

    std::string_view own_name;  // in a table
    Function function;
};

// As jinja2's own sandbox: a longer one has no use in a prompt.
constexpr Integer kLongestRange = 100'000;

Value range(Rendering& run, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "range", {"start", "stop", "step"});
    const bool only_stop = given[1].is(Kind::undefined);
    const Integer start = only_stop ? 0 : integer_or(run, given[0], 0);
    const Integer stop = integer_or(run, only_stop ? given[0] : given[1], 0);
    const Integer step = integer_or(run, given[2], 1);
    if (step == 0) return run.fail("range() with a step of zero");
    const Integer span = step > 0 ? stop - start : start - stop;
    const Integer stride = step > 0 ? step : -step;
    const Integer count = span > 0 ? (span + stride - 1) / stride : 0;
    if (count > kLongestRange) return run.fail("range() of more than 100000 numbers");
    std::vector<Value> items;
    if (!run.meter.spend(static_cast<std::uint64_t>(count))) return {};
    for (Integer i = 0; i < count; ++i) items.push_back(Value::integer(start + i * step));
    return run.list(std::move(items), List::Flavor::range);
}

Ref<Dict> filled_dict(Rendering& run, const Arguments& arguments, std::string_view callee) {
    Ref<Dict> out = run.heap.make<Dict>();
    for (const Value& from : arguments.positional) {
        if (!from.is(Kind::dict)) {
            run.fail(fmt::format("{}() takes a dict, not '{}'", callee, type_name(from)));
            break;
        }
        for (const auto& [key, value] : from.dict().entries) store(run, *out, key, value);
    }
    for (const auto& [name, value] : arguments.named) store(run, *out, run.string(name), value);
    return out;
}

Value name_space(Rendering& run, const Arguments& arguments) {
    return Value::space(filled_dict(run, arguments, "namespace"));
}

Value dict(Rendering& run, const Arguments& arguments) {
    return Value::dict(filled_dict(run, arguments, "dict"));
}

Value raise_exception(Rendering& run, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "raise_exception", {"message"});
    run.meter.raise(to_text(run, given[0]).bytes);
    return {};
}

Value strftime_now(Rendering& run, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "strftime_now", {"format"});
    const Text format = text_or(run, given[0], "");
    run.meter.spend_characters(format.size() * 4);
    return run.string(Text(format_time(format.view(), run.now), format.origin()));
}

// Gives nothing at its first call and its text at every other.
struct Joiner final : Callable {
    explicit Joiner(Value separator) : separator(std::move(separator)) {}
    Value call(Rendering& run, Arguments&) override {
        return std::exchange(used, true) ? separator : run.string("");
    }
    std::string_view name() const override { return "joiner"; }
    std::size_t footprint() const override { return sizeof(*this); }
    void clear() override { separator = {}; }

    Value separator;
    bool used = false;
};

Value joiner(Rendering& run, const Arguments& arguments) {
    std::vector<Value> given = bind(run, arguments, "joiner", {"sep"});
    if (given[0].is(Kind::undefined)) given[0] = run.string(", ");
    return Value::callable(run.heap.make<Joiner>(given[0]));
}

constexpr std::array kFunctions = std::to_array<std::pair<std::string_view, Function>>({
    {"range", range},
    {"namespace", name_space},
    {"dict", dict},
    {"raise_exception", raise_exception},
    {"strftime_now", strftime_now},
    {"joiner", joiner},
});

}  // namespace

Value find_global(Rendering& run, std::string_view name) {
    for (const auto& [own_name, function] : kFunctions) {
        if (own_name != name) continue;
        return Value::callable(run.heap.make<BuiltIn>(own_name, function));
    }
    return {};
}

}  // namespace greenroom::runtime::jinja
