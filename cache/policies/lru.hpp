#pragma once

#include "cache/key_list.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

// Gives up the expert that was not used for the longest time.
class LruPolicy final : public Policy {
 public:
    void on_admit(io::ExpertKey key) override { order_.move_to_back(key); }
    void on_use(io::ExpertKey key) override { order_.move_to_back(key); }
    void on_evict(io::ExpertKey key) override { order_.erase(key); }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        return order_.first_free(pinned);
    }

 private:
    KeyList order_;  // oldest use first
};

}  // namespace greenroom::cache
