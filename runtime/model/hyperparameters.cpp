#include "runtime/model/hyperparameters.hpp"

#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace greenroom::runtime {
namespace {

// Llama 3.1's rule: long wavelengths are divided by the factor, short ones stay, those between are
// blended (transformers, modeling_rope_utils.py, _compute_llama3_parameters).
double llama3_frequency(double frequency, const RopeScaling& scaling) {
    const double wavelength = 2 * std::numbers::pi / frequency;
    if (wavelength < scaling.original_context / scaling.high_freq_factor) return frequency;
    if (wavelength > scaling.original_context / scaling.low_freq_factor) {
        return frequency / scaling.factor;
    }
    const double smooth = (scaling.original_context / wavelength - scaling.low_freq_factor) /
                          (scaling.high_freq_factor - scaling.low_freq_factor);
    return (1 - smooth) * frequency / scaling.factor + smooth * frequency;
}

struct Bound {
    const char* name;
    int value, least, most;
};

io::Result<void> check_bounds(const Hyperparameters& h, const std::string& file) {
    const Bound bounds[] = {
        {"layer count", h.layers, 1, kMaxLayers},
        {"embedding length", h.embed, 1, kMaxWidth},
        {"attention head count", h.heads, 1, kMaxHeads},
        {"key-value head count", h.kv_heads, 1, kMaxHeads},
        {"head length", h.head_dim, 1, kMaxWidth},
        {"expert count", h.experts, 0, kMaxExperts},
        {"context length", h.context, 1, kMaxContext},
        {"feed-forward length", h.experts > 0 ? h.expert_ff : h.dense_ff, 1, kMaxWidth},
        {"sliding window", h.window, 0, kMaxContext},
        {"rope dimension count", h.rope_dims, 2, h.head_dim},
    };
    for (const Bound& b : bounds) {
        if (b.value >= b.least && b.value <= b.most) continue;
        return io::Error{
            fmt::format("{}: {} is {}, expected {} to {}", file, b.name, b.value, b.least, b.most)};
    }
    return {};
}

}  // namespace

io::Result<void> check_hyperparameters(const Hyperparameters& h, const std::string& file) {
    if (auto ok = check_bounds(h, file); !ok) return ok.error();
    if (h.experts > 0 && (h.experts_used < 1 || h.experts_used > h.experts)) {
        return io::Error{fmt::format(
            "{}: {} experts used per token, of {} experts", file, h.experts_used, h.experts)};
    }
    if (h.heads % h.kv_heads != 0) {
        return io::Error{fmt::format("{}: {} attention heads do not divide into {} key-value heads",
                                     file,
                                     h.heads,
                                     h.kv_heads)};
    }
    if (h.rope_dims % 2 != 0) {
        return io::Error{fmt::format("{}: rope dimension count {} is odd", file, h.rope_dims)};
    }
    if (!std::isfinite(h.rms_eps) || h.rms_eps <= 0 || h.rms_eps >= 1) {
        return io::Error{
            fmt::format("{}: RMS norm epsilon {} is not between 0 and 1", file, h.rms_eps)};
    }
    if (!std::isfinite(h.rope_base) || h.rope_base < 1) {
        return io::Error{fmt::format(
            "{}: rope frequency base {} is not a number of 1 or more", file, h.rope_base)};
    }
    const RopeScaling& scaling = h.rope_scaling;
    if (!std::isfinite(scaling.factor) || scaling.factor <= 0 ||
        !(scaling.high_freq_factor > scaling.low_freq_factor) || !(scaling.original_context > 0) ||
        !(scaling.low_freq_factor > 0)) {
        return io::Error{
            fmt::format("{}: rope scaling has factor {}, low {} and high {}, original "
                        "context {}; expected positive numbers with low < high",
                        file,
                        scaling.factor,
                        scaling.low_freq_factor,
                        scaling.high_freq_factor,
                        scaling.original_context)};
    }
    return {};
}

std::vector<float> rope_frequencies(const Hyperparameters& h) {
    std::vector<float> out(static_cast<std::size_t>(h.rope_dims / 2));
    for (std::size_t i = 0; i < out.size(); ++i) {
        double frequency = std::pow(h.rope_base, -2.0 * static_cast<double>(i) / h.rope_dims);
        switch (h.rope_scaling.kind) {
            case RopeScaling::Kind::none:
                break;
            case RopeScaling::Kind::linear:
                frequency /= h.rope_scaling.factor;
                break;
            case RopeScaling::Kind::llama3:
                frequency = llama3_frequency(frequency, h.rope_scaling);
                break;
        }
        out[i] = static_cast<float>(frequency);
    }
    return out;
}

}  // namespace greenroom::runtime
