#include "kernels/device/attention_segments.hpp"

#include <algorithm>

#include "kernels/device/ops.hpp"

namespace greenroom::kernels {

SegmentRange segments_seen(const Attention& op) {
    const int first = op.window > 0 ? std::max(0, op.first_position + 1 - op.window) : 0;
    const int end = op.first_position + op.n_tokens;
    return {first / kDeviceSegment, (end + kDeviceSegment - 1) / kDeviceSegment};
}

std::size_t device_attention_scratch(int n_heads, int n_tokens, int n_positions) {
    const int n_segments = (n_positions + kDeviceSegment - 1) / kDeviceSegment;
    return static_cast<std::size_t>(std::min(n_tokens, kSplitTokens)) *
           static_cast<std::size_t>(n_heads) * static_cast<std::size_t>(n_segments) *
           kDevicePartial;
}

}  // namespace greenroom::kernels
