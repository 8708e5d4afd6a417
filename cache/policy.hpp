// Orders the resident experts for eviction. Sees keys and events only: no bytes, devices or clocks.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "io/expert_key.hpp"

namespace greenroom::cache {

// Experts that must stay for now. Small: one event's experts and what is leased.
class PinSet {
 public:
    PinSet() = default;
    PinSet(std::initializer_list<io::ExpertKey> keys) : keys_(keys) { sort(); }

    void clear() { keys_.clear(); }
    void assign(std::span<const io::ExpertKey> keys) {
        keys_.assign(keys.begin(), keys.end());
        sort();
    }
    bool contains(io::ExpertKey key) const {
        return std::binary_search(keys_.begin(), keys_.end(), key);
    }

 private:
    void sort() { std::sort(keys_.begin(), keys_.end()); }
    std::vector<io::ExpertKey> keys_;
};

// One class per policy. "Whom" is a pure question and "gone" a separate call, so that a transfer
// that fails leaves the policy unharmed. Never allocates once every expert has been seen.
class Policy {
 public:
    virtual ~Policy() = default;
    // Became resident, for a use; where it was already, that is a use.
    virtual void on_admit(io::ExpertKey key) = 0;
    virtual void on_use(io::ExpertKey key) = 0;    // was routed to while resident
    virtual void on_evict(io::ExpertKey key) = 0;  // left, on our advice or not
    // Whom to give up next. Same answer until an on_* call; empty if all are pinned or none is
    // resident.
    virtual std::optional<io::ExpertKey> victim(const PinSet& pinned) const = 0;
};

}  // namespace greenroom::cache
