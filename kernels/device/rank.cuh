// The order of values with ids, as numbers: larger values come first, ties go to the lower id, and
// a NaN ranks below every number. No two ids have the same rank. Knows no op.
#pragma once

#include <bit>

#include "kernels/device/vocabulary.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

using Rank = std::uint64_t;          // a larger one comes first
constexpr Rank kNoRank = 0;          // below every other
constexpr Rank kTopRank = ~Rank{0};  // above every other

// id >= 0.
GREENROOM_DEVICE inline Rank rank_of(float value, std::int32_t id) {
    constexpr std::uint32_t kSign = 0x80000000;
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);  // -0 is 0
    std::uint32_t order = bits & kSign ? ~bits : bits | kSign;
    if (value != value) order = 0;
    return Rank{order} << 32 | ~static_cast<std::uint32_t>(id);
}

GREENROOM_DEVICE inline std::int32_t id_of(Rank rank) {
    return static_cast<std::int32_t>(~static_cast<std::uint32_t>(rank));
}

// Every lane gets the best rank of the warp.
GREENROOM_DEVICE inline Rank warp_best(const Thread& thread, Rank rank) {
    for (unsigned mask = Thread::kWarp / 2; mask > 0; mask /= 2) {
        const Rank other = thread.shuffle_xor(rank, mask);
        if (other > rank) rank = other;
    }
    return rank;
}

// Shared memory that block_best uses, from byte 0 on.
constexpr std::size_t kBlockBestBytes = Thread::kWarp * sizeof(Rank);

// Every thread gets the best rank of the block.
GREENROOM_DEVICE inline Rank block_best(const Thread& thread, Rank rank) {
    auto* const ranks = thread.shared<Rank>();
    rank = warp_best(thread, rank);
    thread.barrier();  // whoever still reads the ranks of the last call
    if (thread.lane() == 0) ranks[thread.warp()] = rank;
    thread.barrier();
    return warp_best(thread, thread.lane() < thread.n_warps() ? ranks[thread.lane()] : kNoRank);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
