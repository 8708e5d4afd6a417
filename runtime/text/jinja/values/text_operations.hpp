// What the string methods and filters do to text. Every byte keeps its origin.
#pragma once

#include <optional>

#include "runtime/text/jinja/values/rendering.hpp"

namespace greenroom::runtime::jinja {

// title starts a word after all that is no letter, words after spaces, hyphens and brackets.
enum class Case : std::uint8_t { upper, lower, capitalized, title, words, swapped };
Text in_case(Rendering& run, const Text& text, Case wanted);

enum class Side : std::uint8_t { start, end, both };
// Without the characters of `set` at its sides; without white space when there is no set.
Text strip(Rendering& run, const Text& text, const std::optional<Text>& set, Side side);

// At most `most` times, from the start.
Text replace(Rendering& run, const Text& text, const Text& old, const Text& by, std::uint64_t most);

// At most `most` cuts, counted from the start, or from the end.
std::vector<Value> split(Rendering& run, const Text& text, std::string_view at, std::uint64_t most);
std::vector<Value> split_from_end(Rendering& run,
                                  const Text& text,
                                  std::string_view at,
                                  std::uint64_t most);
std::vector<Value> split_at_spaces(Rendering& run, const Text& text, std::uint64_t most);
std::vector<Value> split_lines(Rendering& run, const Text& text, bool keep_ends);

// Every place where `needle` starts, not overlapping.
std::vector<std::size_t> occurrences(Rendering& run,
                                     std::string_view text,
                                     std::string_view needle);

// Filled up to `width` characters; `side` says where the text stays.
Text pad(Rendering& run, const Text& text, Integer width, std::string_view fill, Side side);

// & < > " ' as HTML entities.
Text html_escaped(Rendering& run, const Text& text);

Text indent(Rendering& run, const Text& text, std::string_view by, bool first, bool blank);

}  // namespace greenroom::runtime::jinja
