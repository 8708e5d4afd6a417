#pragma once

#include <cstdint>
#include <utility>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"
#include "cache/ranking.hpp"

namespace greenroom::cache {

// Keeps the experts that a recorded trace used most; the oldest use first among equals.
class StaticProfilePolicy final : public Policy {
 public:
    // Uses of each expert in the trace; an expert that is not there counts as never used.
    explicit StaticProfilePolicy(KeyTable<std::uint64_t> uses) : uses_(std::move(uses)) {}

    void on_admit(io::ExpertKey key) override { order_.set(key, {uses_[key], now_++}); }
    void on_use(io::ExpertKey key) override { on_admit(key); }
    void on_evict(io::ExpertKey key) override { order_.erase(key); }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        return order_.first_free(pinned);
    }

 private:
    KeyTable<std::uint64_t> uses_;
    std::uint64_t now_ = 0;
    Ranking<std::pair<std::uint64_t, std::uint64_t>> order_;
};

}  // namespace greenroom::cache
