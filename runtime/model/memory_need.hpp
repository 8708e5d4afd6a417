// What a run of a model takes in memory, and whether that is there. Allocates nothing.
#pragma once

#include <cstdint>
#include <string>

#include "io/result.hpp"
#include "kernels/attention.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

// Bytes.
struct MemoryNeed {
    std::uint64_t weights = 0;
    std::uint64_t keys_and_values = 0;
    std::uint64_t buffers = 0;
    std::uint64_t total() const;  // saturates
};

// Bytes of what the forward pass works in, for batches of `batch` tokens over `context` positions
// on `threads` threads.
struct Workload {
    int batch = 0;
    int context = 0;
    int threads = 1;
};
std::uint64_t buffer_bytes(const Hyperparameters& h, const Workload& load);

// An Error says what is needed, what is there, and which context would fit (HAZARDS 109, 111, 119).
io::Result<void> check_memory(const MemoryNeed& need,
                              std::uint64_t available,
                              int context,
                              const std::string& model);

}  // namespace greenroom::runtime
