// Points in time as people write them: 2025-03-07T12:34:56, in UTC.
#pragma once

#include <cstdint>
#include <string>

#include "io/result.hpp"

namespace greenroom::cli {

// Seconds since 1970. A trailing "Z" is allowed; days that no calendar has are not.
io::Result<std::int64_t> parse_utc(const std::string& text);

}  // namespace greenroom::cli
