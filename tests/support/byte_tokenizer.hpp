// A tokenizer whose ids are bytes, with <s> and </s> as control tokens: small enough to know every
// id of a prompt by heart.
#pragma once

#include <string>
#include <vector>

#include "runtime/text/tokenizer.hpp"

namespace greenroom::tests {

class ByteTokenizer : public runtime::Tokenizer {
 public:
    using TokenId = runtime::TokenId;
    static constexpr TokenId kBos = 256, kEos = 257, kVocabulary = 258;

    // "spm" puts a space before text at the beginning and behind control tokens.
    explicit ByteTokenizer(std::string_view kind = "bpe", bool adds_bos = true)
        : kind_(kind), adds_bos_(adds_bos) {}

    static TokenId id_of(char c) { return static_cast<unsigned char>(c); }

    std::vector<TokenId> encode(std::string_view text,
                                const runtime::EncodeOptions& options) const override {
        std::vector<TokenId> ids;
        if (options.add_special && adds_bos_) ids.push_back(kBos);
        bool text_begins = true;
        for (std::size_t i = 0; i < text.size();) {
            const auto control = control_at(text, i, options);
            if (control && !(i == 0 && *control == kBos && !ids.empty())) ids.push_back(*control);
            if (!control) {
                if (text_begins && options.space_prefix.value_or(kind_ == "spm"))
                    ids.push_back(' ');
                ids.push_back(id_of(text[i]));
            }
            text_begins = control.has_value();
            i += control ? token(*control).size() : 1;
        }
        return ids;
    }
    std::string piece(TokenId id, bool special) const override {
        if (id >= 0 && id < kBos) return std::string(1, static_cast<char>(id));
        return special ? std::string(token(id)) : std::string();
    }
    std::string decode(std::span<const TokenId> ids, bool special) const override {
        std::string out;
        for (const TokenId id : ids) out += piece(id, special);
        return out;
    }

    std::size_t vocabulary_size() const override { return kVocabulary; }
    std::optional<TokenId> find(std::string_view text) const override {
        if (text == token(kBos)) return kBos;
        if (text == token(kEos)) return kEos;
        return text.size() == 1 ? std::optional(id_of(text[0])) : std::nullopt;
    }
    std::string_view kind() const override { return kind_; }
    std::string_view pre_tokenizer() const override { return ""; }
    std::optional<TokenId> bos() const override { return kBos; }
    std::optional<TokenId> eos() const override { return kEos; }
    bool adds_bos() const override { return adds_bos_; }
    bool ends_generation(TokenId id) const override { return id == kEos; }
    bool is_control(TokenId id) const override { return id >= kBos; }
    std::span<const std::string> warnings() const override { return {}; }

 private:
    static std::string_view token(TokenId id) {
        return id == kBos ? "<s>" : id == kEos ? "</s>" : "";
    }
    static std::optional<TokenId> control_at(std::string_view text,
                                             std::size_t at,
                                             const runtime::EncodeOptions& options) {
        if (!options.parse_special) return std::nullopt;
        for (const TokenId id : {kBos, kEos}) {
            if (!text.substr(at).starts_with(token(id))) continue;
            const std::size_t end = at + token(id).size();
            for (const runtime::ByteRange& range : options.literal) {
                if (range.begin < end && range.end > at) return std::nullopt;
            }
            return id;
        }
        return std::nullopt;
    }

    std::string kind_;
    bool adds_bos_;
};

}  // namespace greenroom::tests
