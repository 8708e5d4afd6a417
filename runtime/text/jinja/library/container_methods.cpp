#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "runtime/text/jinja/library/methods.hpp"
#include "runtime/text/jinja/values/compare.hpp"
#include "runtime/text/jinja/values/elements.hpp"

namespace greenroom::runtime::jinja {
namespace {

// Lists and dicts of the conversation never change; those that the template made may.
bool may_change(Rendering& run, const Value& self, std::string_view method) {
    const bool made_here = self.origin() == Origin::source;
    const bool mutable_kind = self.is(Kind::dict) || is_flavor(self, List::Flavor::list);
    if (!made_here || !mutable_kind) {
        run.fail(fmt::format(
            "{}() would change a {} that the template did not make", method, type_name(self)));
    }
    return made_here && mutable_kind;
}

Value append(Rendering& run, const Value& self, const Arguments& arguments) {
    std::vector<Value> given = bind(run, arguments, "append", {"item"});
    if (may_change(run, self, "append")) {
        self.list().items.push_back(std::move(given[0]));
        run.heap.settle(self.list());
    }
    return Value::none();
}

Value pop_item(Rendering& run, const Value& self, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "pop", {"index"});
    if (!may_change(run, self, "pop")) return {};
    std::vector<Value>& items = self.list().items;
    const auto size = static_cast<Integer>(items.size());
    Integer at = integer_or(run, given[0], -1);
    if (at < 0) at += size;
    if (at < 0 || at >= size) return run.fail("pop index out of range");
    run.meter.spend_bytes(items.size() * sizeof(Value));
    const Value out = items[static_cast<std::size_t>(at)];
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    return out;
}

Value index_of(Rendering& run, const Value& self, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "index", {"item"});
    const std::vector<Value>& items = self.list().items;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (equal(run, items[i], given[0])) return Value::integer(static_cast<Integer>(i));
    }
    return run.fail("the value is not in the list");
}

Value count_of(Rendering& run, const Value& self, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "count", {"item"});
    const std::vector<Value>& items = self.list().items;
    const auto same = [&](const Value& each) { return equal(run, each, given[0]); };
    return Value::integer(std::count_if(items.begin(), items.end(), same));
}

Value items(Rendering& run, const Value& self, const Arguments& arguments) {
    bind(run, arguments, "items", {});
    return run.list(entry_pairs(run, self.dict()), List::Flavor::view);
}

Value keys(Rendering& run, const Value& self, const Arguments& arguments) {
    bind(run, arguments, "keys", {});
    return run.list(iterate(run, self), List::Flavor::view);
}

Value values(Rendering& run, const Value& self, const Arguments& arguments) {
    bind(run, arguments, "values", {});
    std::vector<Value> out;
    if (!run.meter.spend(self.dict().entries.size())) return {};
    for (const auto& entry : self.dict().entries) out.push_back(entry.second);
    return run.list(std::move(out), List::Flavor::view);
}

Value get(Rendering& run, const Value& self, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "get", {"key", "default"});
    if (const Value* found = find(run, self.dict(), given[0])) return *found;
    return given[1].is(Kind::undefined) ? Value::none() : given[1];
}

Value copy(Rendering& run, const Value& self, const Arguments& arguments) {
    bind(run, arguments, "copy", {});
    if (!run.meter.spend(self.dict().entries.size())) return {};
    const Ref<Dict> out = run.heap.make<Dict>();
    out->entries = self.dict().entries;
    run.heap.settle(*out);
    return Value::dict(out);
}

Value pop_key(Rendering& run, const Value& self, const Arguments& arguments) {
    const std::vector<Value> given = bind(run, arguments, "pop", {"key", "default"});
    if (!may_change(run, self, "pop")) return {};
    auto& entries = self.dict().entries;
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
        if (!equal(run, entry->first, given[0])) continue;
        const Value out = entry->second;
        entries.erase(entry);
        return out;
    }
    if (given[1].is(Kind::undefined)) return run.fail("pop() of a key that is not there");
    return given[1];
}

Value update(Rendering& run, const Value& self, const Arguments& arguments) {
    if (!may_change(run, self, "update")) return {};
    for (const Value& from : arguments.positional) {
        if (!from.is(Kind::dict)) return run.fail("update() takes a dict");
        const auto entries = from.dict().entries;
        for (const auto& [key, value] : entries) store(run, self.dict(), key, value);
    }
    for (const auto& [key, value] : arguments.named) {
        store(run, self.dict(), run.string(key), value);
    }
    return Value::none();
}

constexpr std::array kListMethods = std::to_array<NamedOperation>(
    {{"append", append}, {"count", count_of}, {"index", index_of}, {"pop", pop_item}});

constexpr std::array kDictMethods = std::to_array<NamedOperation>({{"copy", copy},
                                                                   {"get", get},
                                                                   {"items", items},
                                                                   {"keys", keys},
                                                                   {"pop", pop_key},
                                                                   {"update", update},
                                                                   {"values", values}});

}  // namespace

Operation list_method(std::string_view name) {
    return look_up(kListMethods, name);
}
Operation dict_method(std::string_view name) {
    return look_up(kDictMethods, name);
}

}  // namespace greenroom::runtime::jinja
