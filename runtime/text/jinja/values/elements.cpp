#include "runtime/text/jinja/values/elements.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/text/jinja/values/unicode.hpp"

namespace greenroom::runtime::jinja {
namespace {

// A slice with its bounds resolved: `count` indices from `first` on, `step` apart.
struct Stride {
    Integer first = 0, step = 1, count = 0;
};

Integer bound(Rendering& run, const Value& given, Integer otherwise, Integer size, Integer step) {
    if (given.is(Kind::none)) return otherwise;
    if (!given.is_integral()) {
        run.fail(fmt::format("slice indices must be integers or none, not '{}'", type_name(given)));
        return 0;
    }
    Integer at = given.as_integer();
    if (at < 0) at += size;
    return step > 0 ? std::clamp(at, Integer{0}, size) : std::clamp(at, Integer{-1}, size - 1);
}

Stride resolve(Rendering& run, const SliceBounds& bounds, Integer size) {
    const Value& given = bounds.step;
    const Integer step = given.is_integral() ? given.as_integer() : 1;
    if (!given.is_integral() && !given.is(Kind::none)) run.fail("slice step must be an integer");
    if (step == 0) {
        run.fail("slice step cannot be zero");
        return {};
    }
    const Integer first = bound(run, bounds.begin, step > 0 ? 0 : size - 1, size, step);
    const Integer last = bound(run, bounds.end, step > 0 ? size : -1, size, step);
    const Integer span = step > 0 ? last - first : first - last;
    const Integer stride = step > 0 ? step : -step;
    return {first, step, span > 0 ? (span + stride - 1) / stride : 0};
}

Value slice_text(Rendering& run, const Text& text, const SliceBounds& bounds) {
    if (!run.meter.spend_characters(text.size())) return {};
    std::vector<std::size_t> starts;  // of the characters, and the end
    for (std::size_t at = 0; at < text.size();) {
        starts.push_back(at);
        at += first_character(text.view().substr(at)).bytes;
    }
    const Stride stride = resolve(run, bounds, static_cast<Integer>(starts.size()));
    starts.push_back(text.size());
    TextBuilder out(run.meter);
    if (stride.step == 1) {
        const auto first = static_cast<std::size_t>(stride.first);
        out.append(text, {starts[first], starts[first + static_cast<std::size_t>(stride.count)]});
        return run.string(out.take());
    }
    for (Integer i = 0; i < stride.count; ++i) {
        const auto at = static_cast<std::size_t>(stride.first + i * stride.step);
        out.append(text, {starts[at], starts[at + 1]});
    }
    return run.string(out.take());
}

Value slice_list(Rendering& run, const List& list, const SliceBounds& bounds) {
    const Stride stride = resolve(run, bounds, static_cast<Integer>(list.items.size()));
    std::vector<Value> items;
    if (!run.meter.spend(static_cast<std::uint64_t>(stride.count))) return {};
    items.reserve(static_cast<std::size_t>(stride.count));
    for (Integer i = 0; i < stride.count; ++i) {
        items.push_back(list.items[static_cast<std::size_t>(stride.first + i * stride.step)]);
    }
    return run.list(std::move(items), list.flavor);
}

}  // namespace

Value slice(Rendering& run, const Value& from, const SliceBounds& bounds) {
    if (from.is(Kind::undefined)) return run.fail_undefined(from);
    if (from.is(Kind::string)) return slice_text(run, from.text(), bounds);
    if (from.is(Kind::list)) return slice_list(run, from.list(), bounds);
    return run.missing(fmt::format("'{} object' cannot be sliced", type_name(from)));
}

std::vector<Value> iterate(Rendering& run, const Value& over) {
    std::vector<Value> out;
    switch (over.kind()) {
        case Kind::undefined:
            break;
        case Kind::list:
            if (run.meter.spend(over.list().items.size())) out = over.list().items;
            break;
        case Kind::dict:
            if (!run.meter.spend(over.dict().entries.size())) break;
            for (const auto& entry : over.dict().entries) out.push_back(entry.first);
            break;
        case Kind::string: {
            const Text& text = over.text();
            for (std::size_t at = 0; at < text.size() && run.meter.spend(1);) {
                const std::size_t next = at + first_character(text.view().substr(at)).bytes;
                out.push_back(run.string(text.slice({at, next})));
                at = next;
            }
            break;
        }
        default:
            run.fail(fmt::format("'{}' object is not iterable", type_name(over)));
    }
    return out;
}

std::vector<Value> entry_pairs(Rendering& run, const Dict& dict) {
    std::vector<Value> out;
    if (!run.meter.spend(dict.entries.size())) return out;
    for (const auto& [key, value] : dict.entries) {
        out.push_back(run.list({key, value}, List::Flavor::tuple));
    }
    return out;
}

std::size_t length(Rendering& run, const Value& of) {
    switch (of.kind()) {
        case Kind::undefined:
            return 0;
        case Kind::string:
            return run.meter.spend_characters(of.text().size()) ? count_characters(of.view()) : 0;
        case Kind::list:
            if (!is_flavor(of, List::Flavor::generator)) return of.list().items.size();
            break;
        case Kind::dict:
            return of.dict().entries.size();
        default:
            break;
    }
    run.fail(fmt::format("object of type '{}' has no len()", type_name(of)));
    return 0;
}

}  // namespace greenroom::runtime::jinja
