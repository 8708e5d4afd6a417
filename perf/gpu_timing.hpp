// How long work on a GPU takes, one piece among many that follow each other.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "kernels/device/device.hpp"

namespace greenroom::perf {

struct GpuTiming {
    static constexpr std::size_t kMostLaunches = 4096;  // of a sample
    int repeats = 7;
    bool is_trial = false;  // on the emulated GPU: each piece once

    // Seconds of a piece, of `n` that are sent without waiting.
    template <class Send>
    double seconds_of(kernels::Stream& stream, int n, Send&& send) const {
        stream.synchronize();
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < n; ++i) send(i);
        stream.synchronize();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        return seconds.count() / n;
    }

    // Of as many pieces as take a few milliseconds.
    template <class Send>
    std::vector<double> samples(kernels::Stream& stream, Send&& send) const {
        constexpr double kSample = 5e-3;
        const double first = seconds_of(stream, is_trial ? 1 : 8, send);
        const double wanted = is_trial ? 1 : std::max(8.0, kSample / first);
        const int n = static_cast<int>(std::min(wanted, double{kMostLaunches}));
        std::vector<double> out;
        for (int i = 0; i < repeats; ++i) out.push_back(seconds_of(stream, n, send));
        return out;
    }
};

}  // namespace greenroom::perf
