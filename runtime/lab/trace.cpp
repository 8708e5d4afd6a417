#include "runtime/lab/trace.hpp"

#include <algorithm>

namespace greenroom::runtime {

cache::KeyTable<std::uint64_t> Trace::expert_sizes() const {
    cache::KeyTable<std::uint64_t> sizes;
    for (int l = 0; l < n_layers; ++l) {
        for (int e = 0; e < n_experts; ++e) {
            const io::ExpertKey key{static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)};
            sizes[key] = expert_bytes[static_cast<std::size_t>(l)];
        }
    }
    return sizes;
}

void distinct_experts(const Trace& trace,
                      const TraceEvent& event,
                      std::vector<io::ExpertKey>& out) {
    out.clear();
    const auto rows = trace.experts_of(event);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {  // from the back: last uses
        const io::ExpertKey key{event.layer, *row};
        if (std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
    }
    std::reverse(out.begin(), out.end());
}

}  // namespace greenroom::runtime
