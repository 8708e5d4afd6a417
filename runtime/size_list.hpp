// Several sizes in one value: "4GiB", "1GiB,2GiB", "1GiB..16GiB", as grids are written.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "io/result.hpp"

namespace greenroom::runtime {

// Sizes and ranges between commas. "a..b" doubles from a up to b, "a..b*f" multiplies by f,
// "a..b+s" adds the size s; b is the last only where a step reaches it. At most 10 000 sizes.
io::Result<std::vector<std::uint64_t>> parse_size_list(std::string_view text);

}  // namespace greenroom::runtime
