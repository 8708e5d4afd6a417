// The memory of a tier: slabs as large as its budget, of which slots are cut and to which they are
// given back. Knows bytes only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "cache/tiers/slab.hpp"
#include "kernels/numa_nodes.hpp"

namespace greenroom::cache {

// Where slabs lie.
struct SlabPlaces {
    // Memory nodes, one after the other; with fewer than two, wherever the system likes.
    std::vector<int> nodes = {};
    std::function<bool(std::span<std::byte> memory, int node)> prefer = kernels::prefer_node;
    SlabSource allocate = host_slab;
};

// One caller at a time. Slots begin at multiples of kSlotAlignment.
class SlotArena {
 public:
    static constexpr std::uint64_t kSlotAlignment = 4096;
    static constexpr std::uint64_t kSlabBytes = std::uint64_t{1} << 30;

    // Takes slabs of `slab_bytes` (a multiple of `slot_bytes` less than that, so that slots of one
    // size leave no rest) until they hold `budget_bytes`; smaller ones where otherwise some node
    // would have none. A system that refuses gives fewer slabs; slots are then taken one by one.
    SlotArena(std::uint64_t budget_bytes,
              std::uint64_t slot_bytes,
              std::uint64_t slab_bytes = kSlabBytes,
              const SlabPlaces& places = {});

    // Whether a slab has room for such a slot.
    bool has_gap(std::uint64_t bytes) const { return find_gap(aligned(bytes)) != gaps_.end(); }
    // Memory for a slot. From a slab where one has room, else of its own: an event may need more
    // than the budget for a while. Null when the system has no more.
    std::byte* take(std::uint64_t bytes);
    // Contract: `slot` came from take(bytes).
    void give(std::byte* slot, std::uint64_t bytes);
    // Instead of give(), for a slot that somebody may still write to: nobody gets it any more.
    void abandon(std::uint64_t bytes) { used_bytes_ -= aligned(bytes); }

    std::uint64_t slab_bytes() const;  // in all slabs
    std::uint64_t used_bytes() const { return used_bytes_; }
    std::uint64_t peak_bytes() const { return peak_bytes_; }
    std::uint64_t loose_bytes() const;     // in slots outside of the slabs, now
    std::uint64_t pageable_bytes() const;  // in slabs that are not pinned
    // Slabs and loose slots, at most so far: what the system really gave.
    std::uint64_t peak_memory_bytes() const { return slab_bytes() + peak_loose_bytes_; }
    std::span<const std::span<std::byte>> slabs() const { return spans_; }

 private:
    static std::uint64_t aligned(std::uint64_t bytes) {
        return (bytes + kSlotAlignment - 1) / kSlotAlignment * kSlotAlignment;
    }

    // A run of free bytes.
    struct Gap {
        std::byte* begin = nullptr;
        std::uint64_t bytes = 0;
    };

    std::vector<Gap>::const_iterator find_gap(std::uint64_t aligned_bytes) const;
    bool in_slab(const std::byte* slot) const;
    void add_gap(Gap gap);

    const SlabSource allocate_;
    std::vector<Slab> slabs_;
    std::vector<std::span<std::byte>> spans_;
    std::vector<Gap> gaps_;  // by address; neighbours are merged within a slab
    std::vector<Slab> loose_;
    std::uint64_t used_bytes_ = 0, peak_bytes_ = 0, peak_loose_bytes_ = 0;
};

}  // namespace greenroom::cache
