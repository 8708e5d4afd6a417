// Truth, equality, order and membership of values, as in Python.
#pragma once

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

bool is_true(const Value& value);
bool equal(Rendering& run, const Value& a, const Value& b, int depth = 0);
// a < b; fails for values that have no order.
bool less(Rendering& run, const Value& a, const Value& b, int depth = 0);
// item in container; fails for what contains nothing.
bool contains(Rendering& run, const Value& container, const Value& item);

// The value under an equal key; null when there is none. Valid until the dict changes.
const Value* find(Rendering& run, const Dict& dict, const Value& key);
void store(Rendering& run, Dict& dict, const Value& key, Value value);

// Where `needle` first occurs from `from` on, in linear time; npos when it does not.
std::size_t find_text(Rendering& run,
                      std::string_view text,
                      std::string_view needle,
                      std::size_t from);

}  // namespace greenroom::runtime::jinja
