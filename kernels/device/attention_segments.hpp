// How attention on a device is cut into segments of positions. Knows no GPU.
#pragma once

#include <cstddef>

#include "kernels/attention.hpp"

namespace greenroom::kernels {

inline constexpr int kDeviceSegment = 128;  // positions whose softmax is computed at once
// Floats of one query's running softmax over a segment: a value for each thread of a block, the
// largest score, and the sum of exponentials.
inline constexpr int kDevicePartial = 256 + 2;
// Batches up to this size are spread over blocks by segments too, larger ones by queries only.
inline constexpr int kSplitTokens = 4;

struct SegmentRange {
    int begin, end;
};
// The segments that hold what any token of the op sees.
SegmentRange segments_seen(const Attention& op);

}  // namespace greenroom::kernels
