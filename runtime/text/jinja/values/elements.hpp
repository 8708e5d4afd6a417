// What a value consists of: its items, its characters, a slice of them. Knows no names.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// What a loop goes through: items, keys, characters. Fails for what is not iterable.
std::vector<Value> iterate(Rendering& run, const Value& over);
std::size_t length(Rendering& run, const Value& of);
// (key, value) tuples.
std::vector<Value> entry_pairs(Rendering& run, const Dict& dict);

// Bounds as written in from[begin:end:step]; none where nothing stands.
struct SliceBounds {
    Value begin, end, step;
};
Value slice(Rendering& run, const Value& from, const SliceBounds& bounds);

}  // namespace greenroom::runtime::jinja
