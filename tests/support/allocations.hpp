// Counts calls of operator new in the whole program. Linked in where a test asks for it.
#pragma once

#include <cstdint>

namespace greenroom::tests {

std::uint64_t allocations();

}  // namespace greenroom::tests
