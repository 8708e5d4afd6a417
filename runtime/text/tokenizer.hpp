// Text to token ids and back. Knows no model; built from GGUF metadata, tokenizer.json or
// tokenizer.model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "runtime/text/byte_range.hpp"

namespace greenroom::runtime {

using TokenId = std::int32_t;

struct EncodeOptions {
    bool add_special = true;     // BOS and EOS where the model wants them
    bool repeat_bos = false;     // add BOS even before a text that brings its own
    bool parse_special = false;  // control tokens written in the text count as such
    // Ascending, disjoint. With parse_special, a control token is never matched where it touches
    // one of these bytes: what a user typed cannot speak the template's language.
    std::span<const ByteRange> literal = {};
    // Overrides whether the text, and what follows a special token, starts with the SentencePiece
    // space (empty: as the model says).
    std::optional<bool> space_prefix = {};
};

// Immutable after construction: any thread may call anything.
class Tokenizer {
 public:
    virtual ~Tokenizer() = default;

    virtual std::vector<TokenId> encode(std::string_view text,
                                        const EncodeOptions& options) const = 0;
    // The exact bytes that `id` stands for; control tokens give nothing unless `special`. Ids out
    // of range give nothing.
    virtual std::string piece(TokenId id, bool special) const = 0;
    // All pieces joined; SentencePiece models lose the one space that encode put first.
    virtual std::string decode(std::span<const TokenId> ids, bool special) const = 0;

    virtual std::size_t vocabulary_size() const = 0;
    virtual std::optional<TokenId> find(std::string_view token) const = 0;
    virtual std::string_view kind() const = 0;  // "spm", "bpe"
    virtual std::string_view pre_tokenizer() const = 0;

    virtual std::optional<TokenId> bos() const = 0;
    virtual std::optional<TokenId> eos() const = 0;
    virtual bool adds_bos() const = 0;
    // eos, end of turn, end of message: any of them ends a reply.
    virtual bool ends_generation(TokenId id) const = 0;
    virtual bool is_control(TokenId id) const = 0;
    // Lines worth showing once: an unknown pre-tokenizer, overridden token types.
    virtual std::span<const std::string> warnings() const = 0;
};

// From a model (GGUF or folder), a vocabulary-only GGUF, a tokenizer.json or a tokenizer.model.
// `pre` overrides the pre-tokenizer that the file names.
io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const io::ModelFiles& files,
                                                      std::string_view pre = {});
io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const std::filesystem::path& path,
                                                      std::string_view pre = {});

// Turns a stream of token ids into text that never breaks a UTF-8 character: an incomplete sequence
// is held back, bytes that cannot become valid turn into U+FFFD as a WHATWG decoder does.
class StreamDecoder {
 public:
    // `tokenizer` must outlive this.
    StreamDecoder(const Tokenizer& tokenizer, bool special)
        : tokenizer_(tokenizer), special_(special) {}
    std::string push(TokenId id);  // complete characters only
    std::string flush();           // what is still held back

 private:
    const Tokenizer& tokenizer_;
    bool special_;
    std::string held_;
};

}  // namespace greenroom::runtime
