#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"
#include "cache/ranking.hpp"

namespace greenroom::cache {

// Furthest next use (Belady 1966): replays only, since it must know the future. With experts of
// different sizes it is a good policy, not the best possible one.
class BeladyPolicy final : public Policy {
 public:
    // uses[key]: the numbers of the events that use the expert, ascending.
    explicit BeladyPolicy(KeyTable<std::vector<std::uint32_t>> uses) : uses_(std::move(uses)) {}

    void on_admit(io::ExpertKey key) override { advance(key); }
    void on_use(io::ExpertKey key) override { advance(key); }
    void on_evict(io::ExpertKey key) override { order_.erase(key); }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        return order_.first_free(pinned);
    }

 private:
    void advance(io::ExpertKey key) {
        const std::vector<std::uint32_t>& events = uses_[key];
        std::size_t& done = done_[key];
        ++done;
        const std::int64_t next =
            done < events.size() ? events[done] : std::numeric_limits<std::uint32_t>::max();
        order_.set(key, -next);
    }

    KeyTable<std::vector<std::uint32_t>> uses_;
    KeyTable<std::size_t> done_;
    Ranking<std::int64_t> order_;  // minus the next event: the furthest comes first
};

}  // namespace greenroom::cache
