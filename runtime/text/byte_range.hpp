// A stretch of a text, counted in bytes. Knows nothing of characters.
#pragma once

#include <cstddef>

namespace greenroom::runtime {

// Bytes [begin, end).
struct ByteRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool operator==(const ByteRange&) const = default;
};

}  // namespace greenroom::runtime
