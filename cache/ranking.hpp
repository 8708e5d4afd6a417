// Experts ordered by a rank, lowest first; ties go to the smaller key, so that replays repeat.
#pragma once

#include <optional>
#include <set>
#include <utility>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

template <class Rank>
class Ranking {
 public:
    // Inserts or moves.
    void set(io::ExpertKey key, Rank rank) {
        std::optional<Rank>& current = ranks_[key];
        if (!current) {
            order_.emplace(rank, key);
        } else {
            auto node = order_.extract({*current, key});  // reuses the node: no allocation
            node.value() = {rank, key};
            order_.insert(std::move(node));
        }
        current = rank;
    }
    void erase(io::ExpertKey key) {
        std::optional<Rank>& current = ranks_[key];
        if (current) order_.erase({*current, key});
        current.reset();
    }
    std::optional<io::ExpertKey> first_free(const PinSet& pinned) const {
        for (const auto& [rank, key] : order_) {
            if (!pinned.contains(key)) return key;
        }
        return std::nullopt;
    }

 private:
    KeyTable<std::optional<Rank>> ranks_;
    std::set<std::pair<Rank, io::ExpertKey>> order_;
};

}  // namespace greenroom::cache
