#include "cache/tiers/slot_arena.hpp"

#include <algorithm>

#include "kernels/require.hpp"

namespace greenroom::cache {

SlotArena::SlotArena(std::uint64_t budget_bytes,
                     std::uint64_t slot_bytes,
                     std::uint64_t slab_bytes,
                     const SlabPlaces& places)
    : allocate_(places.allocate) {
    const std::uint64_t slot = aligned(std::max<std::uint64_t>(slot_bytes, 1));
    const std::size_t n_nodes = std::max<std::size_t>(places.nodes.size(), 1);
    const std::uint64_t most = std::min(slab_bytes, budget_bytes / n_nodes);
    const std::uint64_t whole = std::max(most / slot, std::uint64_t{1}) * slot;
    // Between slots of different sizes there are gaps; more than these only cost an allocation.
    constexpr std::size_t kLikely = 64;
    gaps_.reserve(static_cast<std::size_t>(budget_bytes / slot) + kLikely);
    for (std::uint64_t left = budget_bytes / slot * slot; left > 0;) {
        const std::uint64_t bytes = std::min(left, whole);
        std::optional<Slab> slab = allocate_(bytes);
        if (!slab) return;
        left -= bytes;
        if (n_nodes > 1) places.prefer(slab->bytes(), places.nodes[slabs_.size() % n_nodes]);
        slabs_.push_back(std::move(*slab));
        spans_.push_back(slabs_.back().bytes());
        add_gap({spans_.back().data(), bytes});
    }
}

std::byte* SlotArena::take(std::uint64_t bytes) {
    bytes = aligned(bytes);
    std::byte* slot = nullptr;
    if (const auto found = find_gap(bytes); found != gaps_.end()) {
        const auto gap = gaps_.begin() + (found - gaps_.begin());
        slot = gap->begin;
        gap->begin += bytes;
        gap->bytes -= bytes;
        if (gap->bytes == 0) gaps_.erase(gap);
    } else {
        std::optional<Slab> own = allocate_(bytes);
        if (!own) return nullptr;
        slot = own->bytes().data();
        loose_.push_back(std::move(*own));
        peak_loose_bytes_ = std::max(peak_loose_bytes_, loose_bytes());
    }
    used_bytes_ += bytes;
    peak_bytes_ = std::max(peak_bytes_, used_bytes_);
    return slot;
}

std::vector<SlotArena::Gap>::const_iterator SlotArena::find_gap(std::uint64_t aligned_bytes) const {
    return std::ranges::find_if(gaps_, [&](const Gap& g) { return g.bytes >= aligned_bytes; });
}

void SlotArena::give(std::byte* slot, std::uint64_t bytes) {
    bytes = aligned(bytes);
    used_bytes_ -= bytes;
    if (in_slab(slot)) return add_gap({slot, bytes});
    const auto own =
        std::ranges::find_if(loose_, [&](Slab& slab) { return slab.bytes().data() == slot; });
    kernels::require(own != loose_.end(), "slot arena: a slot that is not of this arena");
    loose_.erase(own);
}

bool SlotArena::in_slab(const std::byte* slot) const {
    return std::ranges::any_of(spans_, [&](std::span<std::byte> slab) {
        return slot >= slab.data() && slot < slab.data() + slab.size();
    });
}

void SlotArena::add_gap(Gap gap) {
    const auto next = std::ranges::upper_bound(gaps_, gap.begin, {}, &Gap::begin);
    const auto at = gaps_.insert(next, gap);
    // Slabs may touch each other; a slot must not lie across two of them.
    const auto starts_slab = [&](const std::byte* p) {
        return std::ranges::any_of(spans_,
                                   [&](std::span<std::byte> slab) { return slab.data() == p; });
    };
    if (const auto after = at + 1; after != gaps_.end() && at->begin + at->bytes == after->begin &&
                                   !starts_slab(after->begin)) {
        at->bytes += after->bytes;
        gaps_.erase(after);
    }
    if (at == gaps_.begin() || starts_slab(at->begin)) return;
    if (const auto before = at - 1; before->begin + before->bytes == at->begin) {
        before->bytes += at->bytes;
        gaps_.erase(at);
    }
}

std::uint64_t SlotArena::slab_bytes() const {
    std::uint64_t sum = 0;
    for (const std::span<std::byte> slab : spans_) sum += slab.size();
    return sum;
}

std::uint64_t SlotArena::loose_bytes() const {
    std::uint64_t sum = 0;
    for (const Slab& slab : loose_) sum += slab.bytes().size();
    return sum;
}

std::uint64_t SlotArena::pageable_bytes() const {
    std::uint64_t sum = 0;
    for (const Slab& slab : slabs_) sum += slab.is_pinned() ? 0 : slab.bytes().size();
    return sum;
}

}  // namespace greenroom::cache
