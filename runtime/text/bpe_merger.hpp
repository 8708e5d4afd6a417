// Byte-pair encoding of one word: of all adjacent pairs, the one with the lowest rank merges first.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/text/merge_table.hpp"

namespace greenroom::runtime {

// Its memory is reused from word to word; one thread at a time.
class BpeMerger {
 public:
    // `merges` must outlive this.
    explicit BpeMerger(const MergeTable& merges) : merges_(merges) {}

    // Merges `word` (fewer than 2^32 ids) in place. Negative ids never merge.
    void merge(std::vector<TokenId>& word);

 private:
    using Place = std::uint32_t;  // in symbols_

    struct Symbol {
        TokenId id = -1;  // kGone once it is part of the symbol to its left
        Place previous = 0;
        Place next = 0;
    };
    struct Pair {
        std::uint32_t rank = 0;
        Place left = 0;
        TokenId left_id = -1, right_id = -1;  // when this was found: a later merge makes it stale
        TokenId result = -1;

        // For a queue that gives the lowest rank first, then the leftmost.
        bool operator<(const Pair& other) const {
            return rank != other.rank ? rank > other.rank : left > other.left;
        }
    };

    // Calls `add(pair)` if the symbol at `left` merges with the next one.
    template <class Add>
    void consider(Place left, Add add) const;
    void apply(const Pair& pair);

    const MergeTable& merges_;
    std::vector<Symbol> symbols_;
    std::vector<Pair> pairs_;  // a heap
};

}  // namespace greenroom::runtime
