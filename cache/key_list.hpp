// Experts in an order: a doubly linked list whose links lie in a table, so that every operation is
// a few loads and nothing is allocated.
#pragma once

#include <cstddef>
#include <optional>

#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

class KeyList {
 public:
    bool contains(io::ExpertKey key) const {
        const Node* node = nodes_.find(key);
        return node != nullptr && node->linked;
    }
    std::size_t size() const { return size_; }
    std::optional<io::ExpertKey> front() const { return first_; }
    std::optional<io::ExpertKey> next(io::ExpertKey key) const { return nodes_.find(key)->next; }

    // Contract: not in the list.
    void push_back(io::ExpertKey key) {
        Node& node = nodes_[key];
        node = {.previous = last_, .next = {}, .linked = true};
        (last_ ? nodes_[*last_].next : first_) = key;
        last_ = key;
        ++size_;
    }
    // Nothing happens to a key that is not in the list.
    void erase(io::ExpertKey key) {
        if (!contains(key)) return;
        Node& node = nodes_[key];
        (node.previous ? nodes_[*node.previous].next : first_) = node.next;
        (node.next ? nodes_[*node.next].previous : last_) = node.previous;
        node = {};
        --size_;
    }
    void move_to_back(io::ExpertKey key) {
        erase(key);
        push_back(key);
    }
    // The first that is not pinned.
    std::optional<io::ExpertKey> first_free(const PinSet& pinned) const {
        std::optional<io::ExpertKey> at = first_;
        while (at && pinned.contains(*at)) at = next(*at);
        return at;
    }

 private:
    struct Node {
        std::optional<io::ExpertKey> previous, next;
        bool linked = false;
    };
    KeyTable<Node> nodes_;
    std::optional<io::ExpertKey> first_, last_;
    std::size_t size_ = 0;
};

}  // namespace greenroom::cache
