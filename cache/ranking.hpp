// Experts ordered by a rank, lowest first; ties go to the smaller key, so that replays repeat.
#pragma once

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

template <class Rank>
class Ranking {
 public:
    // Inserts or moves.
    void set(io::ExpertKey key, Rank rank) {
        std::optional<Rank>& current = ranks_[key];
        if (!current && spare_.empty()) {
            order_.emplace(rank, key);
        } else {  // reuses a node: no allocation
            Node node = current ? order_.extract({*current, key}) : take_spare();
            node.value() = {rank, key};
            order_.insert(std::move(node));
        }
        current = rank;
    }
    void erase(io::ExpertKey key) {
        std::optional<Rank>& current = ranks_[key];
        if (current) spare_.push_back(order_.extract({*current, key}));
        current.reset();
    }
    std::optional<io::ExpertKey> first_free(const PinSet& pinned) const {
        for (const auto& [rank, key] : order_) {
            if (!pinned.contains(key)) return key;
        }
        return std::nullopt;
    }

 private:
    using Order = std::set<std::pair<Rank, io::ExpertKey>>;
    using Node = typename Order::node_type;

    Node take_spare() {
        Node node = std::move(spare_.back());
        spare_.pop_back();
        return node;
    }

    KeyTable<std::optional<Rank>> ranks_;
    Order order_;
    std::vector<Node> spare_;  // of experts that were erased
};

}  // namespace greenroom::cache
