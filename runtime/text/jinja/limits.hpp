// What one template may spend. Knows nothing of how it is spent.
#pragma once

#include <cstdint>

namespace greenroom::runtime {

// A hostile template ends in an error well within a second.
struct TemplateLimits {
    std::uint64_t steps = 2'000'000;            // nodes evaluated, items made
    std::uint64_t output_bytes = 8ull << 20;    // rendered text, and any single string
    std::uint64_t memory_bytes = 128ull << 20;  // all values alive together
    std::uint64_t source_bytes = 1ull << 20;
    int depth = 200;  // nesting of the source, of calls, of values
};

}  // namespace greenroom::runtime
