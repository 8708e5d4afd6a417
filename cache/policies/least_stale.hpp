#pragma once

#include <cstdint>
#include <vector>

#include "cache/key_list.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

// Layers take turns, so what the present layer did not ask for is needed last, and before it what
// the layer just passed left, and so on back; the coming layers' experts stay longest. The oldest
// use first within a layer.
class LeastStalePolicy final : public Policy {
 public:
    void on_admit(io::ExpertKey key) override { touch(key); }
    void on_use(io::ExpertKey key) override { touch(key); }
    void on_evict(io::ExpertKey key) override {
        if (key.layer < layers_.size()) layers_[key.layer].erase(key);
    }
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override {
        const std::size_t n = layers_.size();
        for (std::size_t back = 0; back < n; ++back) {
            const auto& layer = layers_[(last_ + 1 + n - back) % n];
            if (const auto key = layer.first_free(pinned)) return key;
        }
        return std::nullopt;
    }

 private:
    void touch(io::ExpertKey key) {
        if (key.layer >= layers_.size()) layers_.resize(key.layer + 1u);
        layers_[key.layer].move_to_back(key);
        last_ = key.layer;
    }

    std::vector<KeyList> layers_;  // oldest use first in each
    std::size_t last_ = 0;         // layer of the last use; the next one is making room
};

}  // namespace greenroom::cache
