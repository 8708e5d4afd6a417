#include "runtime/text/jinja/values/compare.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace greenroom::runtime::jinja {
namespace {

constexpr std::size_t kKeysPerStep = 8;

bool equal_items(Rendering& run, const List& a, const List& b, int depth) {
    if (a.flavor != b.flavor || a.items.size() != b.items.size()) return false;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (!equal(run, a.items[i], b.items[i], depth + 1)) return false;
    }
    return true;
}

bool equal_entries(Rendering& run, const Dict& a, const Dict& b, int depth) {
    if (a.entries.size() != b.entries.size()) return false;
    for (const auto& [key, value] : a.entries) {
        const Value* other = find(run, b, key);
        if (other == nullptr || !equal(run, value, *other, depth + 1)) return false;
    }
    return true;
}

bool less_items(Rendering& run, const List& a, const List& b, int depth) {
    const std::size_t shorter = std::min(a.items.size(), b.items.size());
    for (std::size_t i = 0; i < shorter; ++i) {
        if (equal(run, a.items[i], b.items[i], depth + 1)) continue;
        return less(run, a.items[i], b.items[i], depth + 1);
    }
    return a.items.size() < b.items.size();
}

bool is_hashable(const Value& key) {
    return !key.is(Kind::dict) && !is_flavor(key, List::Flavor::list);
}

}  // namespace

bool is_true(const Value& value) {
    switch (value.kind()) {
        case Kind::undefined:
        case Kind::none:
            return false;
        case Kind::boolean:
        case Kind::integer:
            return value.as_integer() != 0;
        case Kind::real:
            return value.as_real() != 0;
        case Kind::string:
            return value.text().size() > 0;
        case Kind::list:
            return !value.list().items.empty() || is_flavor(value, List::Flavor::generator);
        case Kind::dict:
            return !value.dict().entries.empty();
        case Kind::space:
        case Kind::callable:
            return true;
    }
    return false;
}

bool equal(Rendering& run, const Value& a, const Value& b, int depth) {
    if (!run.meter.spend(1) || !run.meter.nests(depth)) return false;
    if (a.is_integral() && b.is_integral()) return a.as_integer() == b.as_integer();
    if (a.is_number() && b.is_number()) return a.as_real() == b.as_real();
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Kind::undefined:
        case Kind::none:
            return true;
        case Kind::string:
            return a.text().size() == b.text().size() && run.meter.spend_bytes(a.text().size()) &&
                   a.view() == b.view();
        case Kind::list:
            return equal_items(run, a.list(), b.list(), depth);
        case Kind::dict:
            return equal_entries(run, a.dict(), b.dict(), depth);
        default:
            return a.is_same(b);
    }
}

bool less(Rendering& run, const Value& a, const Value& b, int depth) {
    if (!run.meter.spend(1) || !run.meter.nests(depth)) return false;
    if (a.is_integral() && b.is_integral()) return a.as_integer() < b.as_integer();
    if (a.is_number() && b.is_number()) return a.as_real() < b.as_real();
    if (a.is(Kind::string) && b.is(Kind::string)) {
        run.meter.spend_bytes(std::min(a.text().size(), b.text().size()));
        return a.view() < b.view();
    }
    if (a.is(Kind::list) && b.is(Kind::list) && a.list().flavor == b.list().flavor) {
        return less_items(run, a.list(), b.list(), depth);
    }
    run.fail(fmt::format("'<' not supported between '{}' and '{}'", type_name(a), type_name(b)));
    return false;
}

bool contains(Rendering& run, const Value& container, const Value& item) {
    switch (container.kind()) {
        case Kind::undefined:
            return false;
        case Kind::list:
            return std::any_of(container.list().items.begin(),
                               container.list().items.end(),
                               [&](const Value& each) { return equal(run, each, item); });
        case Kind::dict:
            return find(run, container.dict(), item) != nullptr;
        case Kind::string:
            if (item.is(Kind::string)) {
                return find_text(run, container.view(), item.view(), 0) != std::string_view::npos;
            }
            run.fail(fmt::format("a string contains strings, not '{}'", type_name(item)));
            return false;
        default:
            run.fail(fmt::format("argument of type '{}' is not iterable", type_name(container)));
            return false;
    }
}

const Value* find(Rendering& run, const Dict& dict, const Value& key) {
    if (key.is(Kind::string)) {
        run.meter.spend(dict.entries.size() / kKeysPerStep);
        return dict.find(key.view());
    }
    for (const auto& [name, value] : dict.entries) {
        if (equal(run, name, key)) return &value;
    }
    return nullptr;
}

void store(Rendering& run, Dict& dict, const Value& key, Value value) {
    if (!is_hashable(key)) {
        run.fail(fmt::format("unhashable type: '{}'", type_name(key)));
        return;
    }
    for (auto& [name, old] : dict.entries) {
        if (!equal(run, name, key)) continue;
        old = std::move(value);
        return;
    }
    dict.entries.emplace_back(key, std::move(value));
    run.heap.settle(dict);
}

// memmem and not string_view::find, which a hostile needle makes quadratic.
std::size_t find_text(Rendering& run,
                      std::string_view text,
                      std::string_view needle,
                      std::size_t from) {
    if (needle.empty()) return from;
    if (needle.size() > text.size() - from) return std::string_view::npos;
    const void* found =
        memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
    const std::size_t at =
        found == nullptr ? std::string_view::npos
                         : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const std::size_t looked_at = std::min(at, text.size()) - from;
    run.meter.spend_bytes(looked_at + needle.size());
    return at;
}

}  // namespace greenroom::runtime::jinja
