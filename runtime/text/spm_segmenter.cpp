#include "runtime/text/spm_segmenter.hpp"

#include <cstdint>
#include <queue>
#include <string>

#include "runtime/text/marked_words.hpp"
#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A stretch of the text that has merged so far; symbols form a list from left to right.
struct Symbol {
    std::string_view text;  // empty once it is part of the symbol to its left
    std::size_t previous = kNone;
    std::size_t next = kNone;
};

struct Pair {
    std::size_t left = 0;
    std::size_t right = 0;
    float score = 0;
    std::size_t bytes = 0;  // of both when this was found: a later merge makes it stale

    // For a queue that gives the best score first, then the leftmost.
    bool operator<(const Pair& other) const {
        return score != other.score ? score < other.score : left > other.left;
    }
};

}  // namespace

// Merges the symbols of one stretch of text. Its memory is reused for the next.
class SpmSegmenter::Merger {
 public:
    explicit Merger(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

    // Calls `use(piece)` for each piece of `text`, from left to right.
    template <class Use>
    void run(std::string_view text, Use use) {
        start(text);
        while (!pairs_.empty()) {
            const Pair pair = pairs_.top();
            pairs_.pop();
            merge(pair);
        }
        for (std::size_t i = 0; i != kNone; i = symbols_[i].next) use(symbols_[i].text);
    }

 private:
    void start(std::string_view text) {
        symbols_.clear();
        while (!text.empty()) {
            const std::size_t bytes = leading_character_bytes(text);
            const std::size_t i = symbols_.size();
            symbols_.push_back({text.substr(0, bytes), i == 0 ? kNone : i - 1, i + 1});
            text.remove_prefix(bytes);
        }
        symbols_.back().next = kNone;
        for (std::size_t i = 1; i < symbols_.size(); ++i) consider(i - 1, i);
    }

    void consider(std::size_t left, std::size_t right) {
        if (left == kNone || right == kNone) return;
        const std::size_t bytes = symbols_[left].text.size() + symbols_[right].text.size();
        const auto id = vocabulary_.find_ordinary({symbols_[left].text.data(), bytes});
        if (id) pairs_.push({left, right, vocabulary_[*id].score, bytes});
    }

    void merge(const Pair& pair) {
        Symbol& left = symbols_[pair.left];
        Symbol& right = symbols_[pair.right];
        const bool stale = left.text.empty() || right.text.empty() ||
                           left.text.size() + right.text.size() != pair.bytes;
        if (stale) return;
        left.text = {left.text.data(), pair.bytes};
        right.text = {};
        left.next = right.next;
        if (right.next != kNone) symbols_[right.next].previous = pair.left;
        consider(left.previous, pair.left);
        consider(pair.left, left.next);
    }

    const Vocabulary& vocabulary_;
    std::vector<Symbol> symbols_;
    std::priority_queue<Pair> pairs_;
};

SpmSegmenter::SpmSegmenter(const Vocabulary& vocabulary, std::optional<TokenId> unknown)
    : vocabulary_(vocabulary),
      unknown_(unknown),
      tokens_cross_words_(tokens_cross_words(vocabulary)) {}

void SpmSegmenter::append(std::string_view text, std::vector<TokenId>& ids) const {
    const std::string marked = mark_spaces(text);
    std::string_view rest = marked;
    Merger merger(vocabulary_);
    while (!rest.empty()) {
        const std::size_t bytes = tokens_cross_words_ ? rest.size() : marked_word_bytes(rest);
        merger.run(rest.substr(0, bytes),
                   [&](std::string_view piece) { append_piece(piece, ids); });
        rest.remove_prefix(bytes);
    }
}

void SpmSegmenter::append_piece(std::string_view piece, std::vector<TokenId>& ids) const {
    if (const auto id = vocabulary_.find_ordinary(piece)) {
        ids.push_back(*id);
        return;
    }
    for (const char c : piece) {
        if (const auto id = vocabulary_.byte_token(static_cast<std::uint8_t>(c))) {
            ids.push_back(*id);
        } else if (unknown_ && (ids.empty() || ids.back() != *unknown_)) {
            ids.push_back(*unknown_);
        }
    }
}

}  // namespace greenroom::runtime
