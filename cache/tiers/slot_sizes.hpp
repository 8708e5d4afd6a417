// The size of the slot that each expert gets. Experts of nearly the same size share one, so that
// any of them can take the place of any other.
#pragma once

#include <cstdint>
#include <vector>

#include "cache/expert_home.hpp"
#include "cache/key_table.hpp"

namespace greenroom::cache {

// homes[layer][expert]; layers without experts are empty.
using ExpertHomes = std::vector<std::vector<ExpertHome>>;

struct SlotSizes {
    KeyTable<std::uint64_t> bytes;  // of each expert's slot
    KeyTable<std::uint8_t> shifts;  // gpu_shift of each expert; 0 where there is none
    std::size_t n_sizes = 0;
    std::uint64_t largest = 0, smallest = 0;  // slot
    std::uint64_t total = 0;                  // of the slots of all experts
    std::uint64_t total_experts = 0;          // of the experts themselves
    double waste() const {                    // part of the slots that holds nothing
        return total == 0 ? 0 : 1 - static_cast<double>(total_experts) / static_cast<double>(total);
    }
};

// A slot is at most a quarter larger than its expert needs: in Q4_K_M files the experts of half the
// layers are 15 % larger than the others.
SlotSizes slot_sizes(const ExpertHomes& homes);

}  // namespace greenroom::cache
