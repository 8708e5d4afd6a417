#include "runtime/text/assembled_tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "runtime/text/byte_level.hpp"
#include "runtime/text/known_tokens.hpp"
#include "runtime/text/space_mark.hpp"
#include "runtime/text/special_tokens.hpp"

namespace greenroom::runtime {
namespace {

class AssembledTokenizer final : public Tokenizer {
 public:
    explicit AssembledTokenizer(TokenizerParts parts)
        : parts_(std::move(parts)), vocabulary_(*parts_.vocabulary), special_(vocabulary_) {
        ends_ = ends_by_name(vocabulary_);
        ends_.insert(ends_.end(), parts_.ends.begin(), parts_.ends.end());
        if (parts_.eos) ends_.push_back(*parts_.eos);
        std::ranges::sort(ends_);
    }

    std::vector<TokenId> encode(std::string_view text,
                                const EncodeOptions& options) const override {
        std::vector<TokenId> ids;
        const bool bos = options.add_special && parts_.add_bos && parts_.bos;
        if (bos) ids.push_back(*parts_.bos);
        bool after_special = true;
        for (const Fragment& fragment :
             special_.split(text, options.parse_special, options.literal)) {
            if (fragment.token) {
                ids.push_back(*fragment.token);
            } else {
                const bool at_start = fragment.text.data() == text.data();
                append_text(fragment.text, wants_space(options, at_start, after_special), ids);
            }
            after_special = fragment.token.has_value();
        }
        const bool twice = bos && ids.size() > 1 && ids[1] == *parts_.bos;
        if (twice && !options.repeat_bos) ids.erase(ids.begin());
        if (options.add_special && parts_.add_eos && parts_.eos) ids.push_back(*parts_.eos);
        return ids;
    }

    std::string piece(TokenId id, bool special) const override {
        if (!vocabulary_.contains(id)) return {};
        const Token& token = vocabulary_[id];
        if (token.type == TokenType::byte) {
            return std::string(1, static_cast<char>(*parse_byte_token(token.text)));
        }
        if (is_control_type(token.type)) return special ? token.text : std::string();
        if (token.type == TokenType::user_defined) return token.text;
        return parts_.spelling == Spelling::byte_level ? bytes_of_level(token.text)
                                                       : unmark_spaces(token.text);
    }

    std::string decode(std::span<const TokenId> ids, bool special) const override {
        std::string text;
        for (const TokenId id : ids) text += piece(id, special);
        const bool prefixed = parts_.spelling == Spelling::space_marks &&
                              parts_.space_prefix != SpacePrefix::nowhere && !ids.empty() &&
                              piece(ids.front(), special).starts_with(' ');
        if (prefixed) text.erase(0, 1);
        return text;
    }

    std::size_t vocabulary_size() const override { return vocabulary_.size(); }
    std::optional<TokenId> find(std::string_view token) const override {
        return vocabulary_.find(token);
    }
    std::string_view kind() const override { return parts_.kind; }
    std::string_view pre_tokenizer() const override { return parts_.pre_tokenizer; }
    std::optional<TokenId> bos() const override { return parts_.bos; }
    std::optional<TokenId> eos() const override { return parts_.eos; }
    bool adds_bos() const override { return parts_.add_bos && parts_.bos; }
    bool ends_generation(TokenId id) const override {
        return std::ranges::binary_search(ends_, id);
    }
    bool is_control(TokenId id) const override {
        return vocabulary_.contains(id) && is_control_type(vocabulary_[id].type);
    }
    std::span<const std::string> warnings() const override { return parts_.warnings; }

 private:
    bool wants_space(const EncodeOptions& options, bool at_start, bool after_special) const {
        if (options.space_prefix) return *options.space_prefix && after_special;
        switch (parts_.space_prefix) {
            case SpacePrefix::nowhere:
                return false;
            case SpacePrefix::start:
                return at_start;
            case SpacePrefix::after_special:
                return after_special;
        }
        return false;
    }

    void append_text(std::string_view text, bool space, std::vector<TokenId>& ids) const {
        const bool has_space = text.starts_with(' ') || text.starts_with(kSpaceMark);
        if (!space || (has_space && !parts_.prefix_repeats_space)) {
            parts_.segmenter->append(text, ids);
            return;
        }
        std::string spaced = " ";
        spaced += text;
        parts_.segmenter->append(spaced, ids);
    }

    TokenizerParts parts_;
    const Vocabulary& vocabulary_;
    SpecialTokens special_;
    std::vector<TokenId> ends_;  // ascending
};

}  // namespace

std::unique_ptr<Tokenizer> assemble(TokenizerParts parts) {
    return std::make_unique<AssembledTokenizer>(std::move(parts));
}

}  // namespace greenroom::runtime
