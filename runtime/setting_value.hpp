// Values as people write them: in a settings file, behind a flag, after /set. Knows which values a
// place accepts, not what they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "io/result.hpp"

namespace greenroom::runtime {

// "8GiB", "512MiB", "1.5 GB" (10^9), "4096"; units K, M, G, T with B or iB, in any case.
io::Result<std::uint64_t> parse_bytes(std::string_view text);
// Decimal digits with an optional sign, nothing else around them.
io::Result<std::int64_t> parse_integer(std::string_view text);
// A finite decimal number, "." as the point in every locale.
io::Result<double> parse_real(std::string_view text);

// A number of bytes, so that a setting can be told from a count.
struct ByteCount {
    std::uint64_t value = 0;
    bool operator==(const ByteCount&) const = default;
};

// Where a value goes. The pointee outlives the Place; null optionals stand for "as the model says".
using Place = std::variant<bool*,
                           int*,
                           double*,
                           ByteCount*,
                           std::int64_t*,
                           std::string*,
                           std::vector<std::string>*,  // grows by one value at a time
                           std::optional<int>*,
                           std::optional<std::int64_t>*,
                           std::optional<double>*>;

// What a place takes beyond its type.
struct Accepts {
    double least = -2147483648.0;  // numbers only
    double most = 2147483647.0;
    std::vector<std::string_view> choices = {};  // strings only; empty: any text
};

// Writes `text` into the place. The Error says what was expected and what came, and leaves the name
// of the place to the caller: `expected a whole number from 0 to 64, got "abc"`.
io::Result<void> put_text(const Place& place, const Accepts& accepts, std::string_view text);

// The same for values that already have a type.
io::Result<void> put_integer(const Place& place, const Accepts& accepts, std::int64_t value);
io::Result<void> put_real(const Place& place, const Accepts& accepts, double value);
io::Result<void> put_bool(const Place& place, bool value);
io::Result<void> put_string(const Place& place, const Accepts& accepts, std::string_view value);

// What the place holds, as put_text would take it; empty where nothing is set.
std::string place_text(const Place& place);
// "a whole number from 0 to 64", "one of read, mmap", …
std::string expectation(const Place& place, const Accepts& accepts);

// The candidate that `word` was most likely meant to be, if one is near (edit distance at most a
// third of its length, or `word` is its beginning).
std::optional<std::string_view> nearest_name(std::string_view word,
                                             const std::vector<std::string_view>& candidates);

}  // namespace greenroom::runtime
