// How long tokens take, as a distribution. Knows no clock.
#pragma once

#include <optional>
#include <vector>

namespace greenroom::runtime {

// What 50, 95 and 99 of a hundred tokens took at most, in seconds.
struct Latency {
    double p50_s = 0, p95_s = 0, p99_s = 0;
};

// By nearest rank, so that each is a time that was measured. Empty without measurements.
std::optional<Latency> latency_of(std::vector<double> seconds);

}  // namespace greenroom::runtime
