// Which two tokens merge into a third, and in what order. Knows no text.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

struct Merge {
    std::uint32_t rank = 0;  // the lowest merges first
    TokenId result = -1;
};

// The texts of two tokens that merge.
struct MergeSides {
    std::string_view left, right;
};

// A merge as files write it, with a space between; empty when a side is. Views into `text`.
std::optional<MergeSides> split_merge(std::string_view text);

class MergeTable {
 public:
    // By falling precedence. Merges of tokens that ordinary text cannot become are left out.
    MergeTable(const Vocabulary& vocabulary, std::span<const MergeSides> merges);

    // Null when the two do not merge.
    const Merge* find(TokenId left, TokenId right) const {
        for (std::size_t i = place(left, right);; i = (i + 1) & mask_) {
            if (slots_[i].merge.result < 0) return nullptr;
            if (slots_[i].left == left && slots_[i].right == right) return &slots_[i].merge;
        }
    }

    std::size_t n_left_out() const { return n_left_out_; }

 private:
    struct Slot {
        TokenId left = -1;
        TokenId right = -1;
        Merge merge;
    };

    std::size_t place(TokenId left, TokenId right) const {
        const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
                         static_cast<std::uint32_t>(right);
        return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ull >> 32) & mask_;
    }
    void insert(TokenId left, TokenId right, Merge merge);

    std::vector<Slot> slots_;  // a power of two, at most half in use
    std::size_t mask_ = 0;
    std::size_t n_left_out_ = 0;
};

}  // namespace greenroom::runtime
