#include "runtime/text/bpe_merger.hpp"

#include <algorithm>

namespace greenroom::runtime {
namespace {

constexpr TokenId kGone = -2;
constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);

}  // namespace

void BpeMerger::merge(std::vector<TokenId>& word) {
    if (word.size() < 2) return;
    symbols_.clear();
    for (Place i = 0; i < word.size(); ++i) symbols_.push_back({word[i], i - 1, i + 1});
    symbols_.back().next = kNone;  // the first one's previous has wrapped to kNone
    for (Place i = 0; i < word.size(); ++i) {
        consider(i, [&](const Pair& pair) { pairs_.push_back(pair); });
    }
    std::make_heap(pairs_.begin(), pairs_.end());
    while (!pairs_.empty()) {
        std::pop_heap(pairs_.begin(), pairs_.end());
        const Pair pair = pairs_.back();
        pairs_.pop_back();
        apply(pair);
    }
    word.clear();
    for (Place i = 0; i != kNone; i = symbols_[i].next) word.push_back(symbols_[i].id);
}

template <class Add>
void BpeMerger::consider(Place left, Add add) const {
    if (left == kNone || symbols_[left].next == kNone) return;
    const TokenId left_id = symbols_[left].id;
    const TokenId right_id = symbols_[symbols_[left].next].id;
    if (left_id < 0 || right_id < 0) return;
    if (const Merge* merge = merges_.find(left_id, right_id)) {
        add(Pair{merge->rank, left, left_id, right_id, merge->result});
    }
}

void BpeMerger::apply(const Pair& pair) {
    Symbol& left = symbols_[pair.left];
    if (left.id != pair.left_id || left.next == kNone) return;
    Symbol& right = symbols_[left.next];
    if (right.id != pair.right_id) return;
    left.id = pair.result;
    right.id = kGone;
    left.next = right.next;
    if (right.next != kNone) symbols_[right.next].previous = pair.left;
    const auto push = [&](const Pair& found) {
        pairs_.push_back(found);
        std::push_heap(pairs_.begin(), pairs_.end());
    };
    consider(left.previous, push);
    consider(pair.left, push);
}

}  // namespace greenroom::runtime
