// Recognises data whose end was never written: an interrupted download into a preallocated file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/read/byte_source.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// Looks at samples of the bytes from `begin` to `end`, which lie in `source`; a warning when the
// last of them are all zeros. Small data passes: a bias may well be zeros.
Result<std::optional<std::string>> find_unwritten_tail(const ByteSource& source,
                                                       std::uint64_t begin,
                                                       std::uint64_t end);

}  // namespace greenroom::io
