// How a value is reached inside another: attributes, subscripts, slices, iteration. Nothing but
// what a value holds and the listed methods can be reached.
#pragma once

#include "runtime/text/jinja/run.hpp"

namespace greenroom::runtime::jinja {

Value attribute(Run& run, const Value& from, std::string_view name);  // from.name
Value subscript(Run& run, const Value& from, const Value& key);       // from[key]

// Bounds as written in from[begin:end:step]; none where nothing stands.
struct SliceBounds {
    Value begin, end, step;
};
Value slice(Run& run, const Value& from, const SliceBounds& bounds);

// What a loop goes through: items, keys, characters. Fails for what is not iterable.
std::vector<Value> iterate(Run& run, const Value& over);
std::size_t length(Run& run, const Value& of);
// (key, value) tuples.
std::vector<Value> entry_pairs(Run& run, const Dict& dict);

// "a.b.0" as filters take it: each part an attribute or an index.
Value dotted(Run& run, const Value& from, const Value& path);

}  // namespace greenroom::runtime::jinja
