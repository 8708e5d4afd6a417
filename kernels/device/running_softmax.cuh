// The softmax of a query's scores and its weighted sum of values, gathered segment by segment.
// Knows no cache.
#pragma once

#include "kernels/device/attention_segments.hpp"
#include "kernels/device/vocabulary.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

constexpr unsigned kAttentionThreads = 2 * kDeviceSegment;  // of a block
static_assert(kDevicePartial == kAttentionThreads + 2);

// The largest score so far, and the sum of exponentials relative to it.
struct Running {
    float largest, sum;
};

// Factors on what was there and on what comes to it.
struct Shares {
    float keep, add;
};

GREENROOM_DEVICE inline Shares merge(Running& into, Running from) {
    if (from.sum == 0) return {1, 0};
    const float largest = fmaxf(into.largest, from.largest);
    const Shares shares = {expf(into.largest - largest), expf(from.largest - largest)};
    into = {largest, fmaf(into.sum, shares.keep, from.sum * shares.add)};
    return shares;
}

// Rounded alike wherever it is compiled into. What has no share may be no number.
GREENROOM_DEVICE inline float merged(float into, float from, Shares shares) {
    return shares.add == 0 ? into : fmaf(into, shares.keep, from * shares.add);
}

// How the threads of a block lie over the elements of a value: several times where values are
// short, then each time over a part of the positions.
struct ValueLanes {
    int dim;
    int lanes;  // a power of two, dim <= lanes <= kAttentionThreads
};

// out = the sums over the parts of the positions, divided by the sum of exponentials.
GREENROOM_DEVICE inline void finish(
    const Thread& thread, float value, float sum, const ValueLanes& lanes, float* out) {
    auto* const values = thread.shared<float>();
    const auto index = static_cast<int>(thread.index());
    thread.barrier();
    values[index] = value;
    thread.barrier();
    if (index >= lanes.dim) return;
    float total = 0;
    for (int i = index; i < static_cast<int>(kAttentionThreads); i += lanes.lanes)
        total += values[i];
    out[index] = total / sum;
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
