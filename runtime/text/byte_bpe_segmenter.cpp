#include "runtime/text/byte_bpe_segmenter.hpp"

#include <string>
#include <utility>

#include "runtime/text/bpe_merger.hpp"
#include "runtime/text/byte_level.hpp"
#include "runtime/text/pretokenize/split.hpp"

namespace greenroom::runtime {

ByteBpeSegmenter::ByteBpeSegmenter(const Vocabulary& vocabulary,
                                   MergeTable merges,
                                   ByteBpeOptions options)
    : vocabulary_(vocabulary), merges_(std::move(merges)), options_(std::move(options)) {
    for (std::size_t b = 0; b < bytes_.size(); ++b) {
        bytes_[b] =
            vocabulary.find_ordinary(level_of_byte(static_cast<std::uint8_t>(b))).value_or(-1);
    }
}

void ByteBpeSegmenter::append(std::string_view text, std::vector<TokenId>& ids) const {
    std::string valid = replace_invalid_bytes(text);
    if (options_.composes) valid = composed(valid);
    BpeMerger merger(merges_);
    std::vector<TokenId> word_ids;
    for (const std::string_view word : split_words(valid, options_.rules)) {
        if (options_.ignores_merges) {
            if (const auto id = vocabulary_.find_ordinary(level_of_bytes(word))) {
                ids.push_back(*id);
                continue;
            }
        }
        word_ids.clear();
        for (const char c : word) word_ids.push_back(bytes_[static_cast<std::uint8_t>(c)]);
        merger.merge(word_ids);
        for (const TokenId id : word_ids) {
            if (id >= 0) ids.push_back(id);
        }
    }
}

}  // namespace greenroom::runtime
