#include "runtime/model/latency.hpp"

#include <algorithm>
#include <cstddef>

namespace greenroom::runtime {

std::optional<Latency> latency_of(std::vector<double> seconds) {
    if (seconds.empty()) return std::nullopt;
    std::ranges::sort(seconds);
    const auto at_most = [&](std::size_t percent) {
        const std::size_t rank = (seconds.size() * percent + 99) / 100;  // from 1
        return seconds[rank - 1];
    };
    return Latency{at_most(50), at_most(95), at_most(99)};
}

}  // namespace greenroom::runtime
