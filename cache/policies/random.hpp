#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

// Gives up any expert, by a seeded generator (SplitMix64, Steele et al. 2014): the floor that a
// policy with knowledge must beat.
class RandomPolicy final : public Policy {
 public:
    explicit RandomPolicy(std::uint64_t seed) : state_(seed) {}

    void on_admit(io::ExpertKey key) override {
        std::size_t& place = places_[key];
        if (place != 0) return;
        keys_.push_back(key);
        place = keys_.size();
        advance();
    }
    void on_use(io::ExpertKey) override {}
    void on_evict(io::ExpertKey key) override {
        const std::size_t place = std::exchange(places_[key], 0);
        if (place == 0) return;
        keys_[place - 1] = keys_.back();
        if (keys_.back() != key) places_[keys_.back()] = place;
        keys_.pop_back();
        advance();
    }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        const std::size_t n = keys_.size();
        for (std::size_t i = 0; i < n; ++i) {
            const io::ExpertKey key = keys_[(draw_ + i) % n];
            if (!pinned.contains(key)) return key;
        }
        return std::nullopt;
    }

 private:
    void advance() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        draw_ = z ^ (z >> 31);
    }

    std::uint64_t state_, draw_ = 0;
    std::vector<io::ExpertKey> keys_;
    KeyTable<std::size_t> places_;  // in keys_, from 1; 0: not resident
};

}  // namespace greenroom::cache
