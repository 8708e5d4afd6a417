// The example of docs/write-a-policy.md: first in, first out, but an expert that was used meanwhile
// gets a second chance (the clock of Corbató 1968).
#pragma once

#include "cache/key_list.hpp"
#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

class SecondChancePolicy final : public Policy {
 public:
    void on_admit(io::ExpertKey key) override {
        queue_.move_to_back(key);
        was_used_[key] = false;
    }
    void on_use(io::ExpertKey key) override { was_used_[key] = true; }
    void on_evict(io::ExpertKey key) override {
        pass_those_before(key);
        queue_.erase(key);
    }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        for (auto at = queue_.front(); at; at = queue_.next(*at)) {
            if (!*was_used_.find(*at) && !pinned.contains(*at)) return at;
        }
        return queue_.first_free(pinned);  // all had been used: the oldest after all
    }

 private:
    // The hand moves when somebody has gone, not when it is asked where it points.
    void pass_those_before(io::ExpertKey key) {
        while (queue_.contains(key) && *queue_.front() != key) {
            const io::ExpertKey passed = *queue_.front();
            was_used_[passed] = false;
            queue_.move_to_back(passed);
        }
    }

    KeyList queue_;  // the hand points at its front
    KeyTable<char> was_used_;
};

}  // namespace greenroom::cache
