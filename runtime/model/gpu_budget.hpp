// How much of a GPU's memory the experts get. Knows sizes only.
#pragma once

#include <cstdint>
#include <string>

#include "io/result.hpp"

namespace greenroom::runtime {

// Bytes.
struct GpuRoom {
    std::uint64_t free = 0;
    std::uint64_t reserve = 0;  // of the free, which stays free
    std::uint64_t dense = 0;    // what everything but the experts takes
    std::uint64_t guesses = 0;  // beside the budget
};

struct GpuExperts {
    std::uint64_t asked = 0;  // the budget; 0: what there is room for
    std::uint64_t all = 0;    // of them
    std::uint64_t least = 0;  // that one token uses in one layer
};

// The budget in bytes. An Error when there is no room for as much as is asked for, or for the
// least: it names the GPU, what is needed and what is free (HAZARDS 119).
io::Result<std::uint64_t> gpu_expert_budget(const GpuRoom& room,
                                            const GpuExperts& experts,
                                            const std::string& gpu);

}  // namespace greenroom::runtime
