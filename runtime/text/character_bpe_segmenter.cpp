#include "runtime/text/character_bpe_segmenter.hpp"

#include <string>
#include <utility>

#include "runtime/text/bpe_merger.hpp"
#include "runtime/text/marked_words.hpp"
#include "runtime/text/pretokenize/split.hpp"
#include "runtime/text/space_mark.hpp"

namespace greenroom::runtime {

CharacterBpeSegmenter::CharacterBpeSegmenter(const Vocabulary& vocabulary,
                                             MergeTable merges,
                                             CharacterBpeOptions options)
    : vocabulary_(vocabulary),
      merges_(std::move(merges)),
      options_(std::move(options)),
      tokens_cross_words_(tokens_cross_words(vocabulary)) {}

void CharacterBpeSegmenter::append(std::string_view text, std::vector<TokenId>& ids) const {
    std::string marked = mark_spaces(text);
    std::vector<std::string_view> stretches = {marked};
    if (!options_.rules.empty()) {
        marked = replace_invalid_bytes(marked);
        stretches = split_words(marked, options_.rules);
    }
    BpeMerger merger(merges_);
    std::vector<TokenId> word_ids;
    for (std::string_view rest : stretches) {
        while (!rest.empty()) {
            const std::size_t bytes = tokens_cross_words_ ? rest.size() : marked_word_bytes(rest);
            word_ids.clear();
            append_characters(rest.substr(0, bytes), word_ids);
            merger.merge(word_ids);
            ids.insert(ids.end(), word_ids.begin(), word_ids.end());
            rest.remove_prefix(bytes);
        }
    }
}

void CharacterBpeSegmenter::append_characters(std::string_view word,
                                              std::vector<TokenId>& ids) const {
    if (options_.ignores_merges) {
        if (const auto id = vocabulary_.find_ordinary(word)) {
            ids.push_back(*id);
            return;
        }
    }
    while (!word.empty()) {
        const std::string_view character = word.substr(0, leading_character_bytes(word));
        word.remove_prefix(character.size());
        if (const auto id = vocabulary_.find_ordinary(character)) {
            ids.push_back(*id);
            continue;
        }
        for (const char c : character) {
            if (const auto id = vocabulary_.byte_token(static_cast<std::uint8_t>(c))) {
                ids.push_back(*id);
            } else if (options_.unknown && (ids.empty() || ids.back() != *options_.unknown)) {
                ids.push_back(*options_.unknown);
            }
        }
    }
}

}  // namespace greenroom::runtime
