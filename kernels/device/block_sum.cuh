// Sums over the threads of a warp and of a block, each in one fixed order.
#pragma once

#include "kernels/device/vocabulary.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

// Every lane gets the sum over the warp.
GREENROOM_DEVICE inline float warp_sum(const Thread& thread, float value) {
    for (unsigned mask = Thread::kWarp / 2; mask > 0; mask /= 2) {
        value += thread.shuffle_xor(value, mask);
    }
    return value;
}

GREENROOM_DEVICE inline float warp_max(const Thread& thread, float value) {
    for (unsigned mask = Thread::kWarp / 2; mask > 0; mask /= 2) {
        value = fmaxf(value, thread.shuffle_xor(value, mask));
    }
    return value;
}

// Shared memory that block_sum uses, from byte 0 on.
constexpr std::size_t kBlockSumBytes = Thread::kWarp * sizeof(float);

// Every thread gets the sum over the block. A whole number of warps takes part.
GREENROOM_DEVICE inline float block_sum(const Thread& thread, float value) {
    float* const sums = thread.shared<float>();
    value = warp_sum(thread, value);
    thread.barrier();  // whoever still reads the sums of the last call
    if (thread.lane() == 0) sums[thread.warp()] = value;
    thread.barrier();
    const float mine = thread.lane() < thread.n_warps() ? sums[thread.lane()] : 0.0F;
    return warp_sum(thread, mine);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
