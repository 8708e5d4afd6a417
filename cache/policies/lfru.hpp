#pragma once

#include <cstdint>
#include <utility>

#include "cache/key_list.hpp"
#include "cache/key_table.hpp"
#include "cache/policy.hpp"
#include "cache/ranking.hpp"

namespace greenroom::cache {

// Least frequent recently used (Bilal and Kang 2017): a privileged part kept by recency, the rest
// by frequency. A second use promotes; when the privileged part exceeds its share of what is
// resident, its oldest falls back among the rest. Gives up the least often used of the rest.
class LfruPolicy final : public Policy {
 public:
    explicit LfruPolicy(double privileged_share = 0.5) : share_(privileged_share) {}

    void on_admit(io::ExpertKey key) override {
        if (std::exchange(is_resident_[key], true)) return on_use(key);
        ++resident_;
        rank(key);
    }
    void on_use(io::ExpertKey key) override {
        if (!privileged_.contains(key)) rest_.erase(key);
        ++counts_[key];
        privileged_.move_to_back(key);
        const auto limit = static_cast<std::size_t>(share_ * static_cast<double>(resident_));
        while (privileged_.size() > std::max<std::size_t>(limit, 1)) {
            const io::ExpertKey oldest = *privileged_.front();
            privileged_.erase(oldest);
            rest_.set(oldest, {counts_[oldest], now_++});
        }
    }
    void on_evict(io::ExpertKey key) override {
        if (!std::exchange(is_resident_[key], false)) return;
        --resident_;
        privileged_.erase(key);
        rest_.erase(key);
    }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        const auto least = rest_.first_free(pinned);
        return least ? least : privileged_.first_free(pinned);
    }

 private:
    void rank(io::ExpertKey key) { rest_.set(key, {++counts_[key], now_++}); }

    double share_;
    std::size_t resident_ = 0;
    KeyTable<char> is_resident_;
    std::uint64_t now_ = 0;
    KeyTable<std::uint64_t> counts_;
    KeyList privileged_;                                     // oldest use first
    Ranking<std::pair<std::uint64_t, std::uint64_t>> rest_;  // count, time of the last use
};

}  // namespace greenroom::cache
