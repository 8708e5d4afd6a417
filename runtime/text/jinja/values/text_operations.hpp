// What the string methods and filters do to text. Every byte keeps its origin.
#pragma once

#include <optional>

#include "runtime/text/jinja/values/run.hpp"

namespace greenroom::runtime::jinja {

// title starts a word after all that is no letter, words after spaces, hyphens and brackets.
enum class Case : std::uint8_t { upper, lower, capitalized, title, words, swapped };
Text in_case(Run& run, const Text& text, Case wanted);

enum class Side : std::uint8_t { start, end, both };
// Without the characters of `set` at its sides; without white space when there is no set.
Text strip(Run& run, const Text& text, const std::optional<Text>& set, Side side);

// At most `most` times, from the start.
Text replace(Run& run, const Text& text, const Text& old, const Text& by, std::uint64_t most);

// At most `most` cuts, counted from the start, or from the end.
std::vector<Value> split(Run& run, const Text& text, std::string_view at, std::uint64_t most);
std::vector<Value> split_from_end(Run& run,
                                  const Text& text,
                                  std::string_view at,
                                  std::uint64_t most);
std::vector<Value> split_at_spaces(Run& run, const Text& text, std::uint64_t most);
std::vector<Value> split_lines(Run& run, const Text& text, bool keep_ends);

// Every place where `needle` starts, not overlapping.
std::vector<std::size_t> occurrences(Run& run, std::string_view text, std::string_view needle);

// Filled up to `width` characters; `side` says where the text stays.
Text pad(Run& run, const Text& text, Integer width, std::string_view fill, Side side);

// & < > " ' as HTML entities.
Text html_escaped(Run& run, const Text& text);

Text indent(Run& run, const Text& text, std::string_view by, bool first, bool blank);

}  // namespace greenroom::runtime::jinja
