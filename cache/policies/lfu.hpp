#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"
#include "cache/ranking.hpp"

namespace greenroom::cache {

// Gives up the expert used least often since the start (counts survive eviction), the oldest use
// first among equals. With a half-life, a use counts half after that many further uses of any
// expert: the combined recency and frequency of Lee et al. 2001 (LRFU).
class LfuPolicy final : public Policy {
 public:
    LfuPolicy() = default;
    explicit LfuPolicy(double half_life_uses) : growth_(std::exp2(1 / half_life_uses)) {}

    void on_admit(io::ExpertKey key) override { count(key); }
    void on_use(io::ExpertKey key) override { count(key); }
    void on_evict(io::ExpertKey key) override { order_.erase(key); }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        return order_.first_free(pinned);
    }

 private:
    using Rank = std::pair<double, std::uint64_t>;  // count, time of the last use

    // Old uses fade by letting new ones weigh more. The logarithm is kept, so that it never
    // overflows: log2(2^a + 2^b).
    void count(io::ExpertKey key) {
        double& value = counts_[key].value;
        if (growth_ == 1) {
            value += 1;
        } else {
            const double weight = static_cast<double>(now_) * std::log2(growth_);
            const double gap = value - weight;
            value = value == kNever ? weight : weight + std::log2(1 + std::exp2(gap));
        }
        order_.set(key, {value, now_++});
    }

    static constexpr double kNever = 0;
    struct Count {
        double value = kNever;
    };
    double growth_ = 1;
    std::uint64_t now_ = 1;
    KeyTable<Count> counts_;
    Ranking<Rank> order_;
};

}  // namespace greenroom::cache
