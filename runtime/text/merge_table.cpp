#include "runtime/text/merge_table.hpp"

#include <bit>
#include <string>

namespace greenroom::runtime {

std::optional<MergeSides> split_merge(std::string_view text) {
    // A token may start with a space.
    const std::size_t space = text.find(' ', 1);
    if (space == std::string_view::npos || space + 1 == text.size()) return std::nullopt;
    return MergeSides{text.substr(0, space), text.substr(space + 1)};
}

MergeTable::MergeTable(const Vocabulary& vocabulary, std::span<const MergeSides> merges) {
    slots_.resize(std::bit_ceil(2 * merges.size() + 1));
    mask_ = slots_.size() - 1;
    std::string joined;
    std::uint32_t rank = 0;
    for (const auto& [left_text, right_text] : merges) {
        joined.assign(left_text).append(right_text);
        const auto left = vocabulary.find_ordinary(left_text);
        const auto right = vocabulary.find_ordinary(right_text);
        const auto result = vocabulary.find_ordinary(joined);
        if (left && right && result) {
            insert(*left, *right, {rank, *result});
        } else {
            ++n_left_out_;
        }
        ++rank;
    }
}

void MergeTable::insert(TokenId left, TokenId right, Merge merge) {
    std::size_t i = place(left, right);
    while (slots_[i].merge.result >= 0) {
        if (slots_[i].left == left && slots_[i].right == right) return;
        i = (i + 1) & mask_;
    }
    slots_[i] = {left, right, merge};
}

}  // namespace greenroom::runtime
