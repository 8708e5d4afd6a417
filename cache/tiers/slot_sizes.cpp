#include "cache/tiers/slot_sizes.hpp"

#include <algorithm>

#include "cache/gpu_alignment.hpp"

namespace greenroom::cache {
namespace {

// Largest first; each needs more than the next one has room for.
std::vector<std::uint64_t> classes(const ExpertHomes& homes) {
    std::vector<std::uint64_t> sizes;
    for (const auto& layer : homes) {
        for (const ExpertHome& home : layer) sizes.push_back(slot_layout(home).bytes);
    }
    std::ranges::sort(sizes, std::greater());
    std::vector<std::uint64_t> out;
    for (const std::uint64_t size : sizes) {
        if (out.empty() || size + size / 4 < out.back()) out.push_back(size);
    }
    return out;
}

}  // namespace

SlotSizes slot_sizes(const ExpertHomes& homes) {
    const std::vector<std::uint64_t> all = classes(homes);
    SlotSizes out;
    out.n_sizes = all.size();
    out.largest = all.empty() ? 0 : all.front();
    out.smallest = all.empty() ? 0 : all.back();
    for (std::size_t l = 0; l < homes.size(); ++l) {
        for (std::size_t e = 0; e < homes[l].size(); ++e) {
            const std::uint64_t needed = slot_layout(homes[l][e]).bytes;
            const auto smallest = std::ranges::find_if(
                all.rbegin(), all.rend(), [&](std::uint64_t size) { return size >= needed; });
            out.bytes[{static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)}] = *smallest;
            out.shifts[{static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)}] =
                static_cast<std::uint8_t>(gpu_shift(homes[l][e]).value_or(0));
            out.total += *smallest;
            out.total_experts += homes[l][e].bytes();
        }
    }
    return out;
}

}  // namespace greenroom::cache
