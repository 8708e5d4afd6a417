// A routing that has happened, kept so that it can be foretold when it happens again.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class RoutingRecord {
 public:
    // A moment recorded twice is as it was the last time.
    void add(const Routed& routed);
    // Empty for what was not recorded. Valid until the next add().
    std::span<const std::uint16_t> find(Moment at) const;
    std::size_t size() const { return places_.size(); }  // moments

 private:
    struct Place {
        std::size_t begin = 0;
        std::size_t count = 0;
    };
    std::vector<std::uint16_t> experts_;
    std::unordered_map<std::uint64_t, Place> places_;  // by step and layer
};

}  // namespace greenroom::prefetch
