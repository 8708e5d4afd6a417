// Sizes, counts and times as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace greenroom::cli {

// "12.3 MiB", "26.4 GiB", "512 B": three digits that say something.
std::string human_bytes(std::uint64_t bytes);
// "21.1 M", "46.7 B": parameters, in powers of a thousand.
std::string human_count(std::uint64_t count);
// "8.3 s", "60 ms", "1.2 ms", "45 µs".
std::string human_seconds(double seconds);

}  // namespace greenroom::cli
