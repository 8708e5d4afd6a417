// Dates as strftime writes them in the C locale, in UTC. Knows no other clock than what it is
// given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace greenroom::runtime::jinja {

// `format` with each conversion replaced; one that is not known stays as it is.
std::string format_time(std::string_view format, std::int64_t seconds_since_1970);

}  // namespace greenroom::runtime::jinja
