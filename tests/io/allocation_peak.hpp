// Counts the memory that this test program takes with new.
#pragma once

#include <cstddef>

namespace greenroom::tests {

// Only the one constructed last counts. Threads of the code under test are counted too.
class AllocationPeak {
 public:
    AllocationPeak();
    // The most that was allocated at one time since the construction, beyond what was then.
    std::size_t bytes() const;

 private:
    std::size_t before_;
};

}  // namespace greenroom::tests
