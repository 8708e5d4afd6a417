#include <optional>
#include <string_view>

#include "io/gguf/header.hpp"
#include "io/json.hpp"
#include "io/utf8.hpp"
#include "runtime/text/load/gguf_tokenizer.hpp"
#include "runtime/text/load/sentencepiece_model.hpp"
#include "runtime/text/load/tokenizer_json.hpp"
#include "tests/fuzz/target.hpp"

using namespace greenroom;
using runtime::Tokenizer;
using runtime::TokenizerParts;

namespace {

// A tokenizer file, this line, and a text to encode.
constexpr std::string_view kTextFollows = "\n#text\n";

io::Result<TokenizerParts> read_gguf(std::string_view file) {
    io::HeaderBudget budget;
    const auto bytes = std::as_bytes(std::span(file));
    const auto header = io::read_gguf_header(io::MemorySource("input", bytes), budget);
    if (!header) return header.error();
    return runtime::read_gguf_tokenizer(header->metadata, {});
}

io::Result<TokenizerParts> read_json(std::string_view file) {
    const auto json = io::parse_json(file, "input");
    if (!json) return json.error();
    return runtime::read_tokenizer_json(*json, "input", {}, {});
}

io::Result<TokenizerParts> read_any(std::string_view file) {
    if (file.starts_with("GGUF")) return read_gguf(file);
    if (file.starts_with('{')) return read_json(file);
    return runtime::read_sentencepiece_tokenizer(file, "input", {});
}

void check_stream(const Tokenizer& tokenizer, const std::vector<runtime::TokenId>& ids) {
    runtime::StreamDecoder decoder(tokenizer, true);
    for (const runtime::TokenId id : ids) {
        fuzz::check(io::is_utf8(decoder.push(id)), "a stream is made of whole characters");
    }
    fuzz::check(io::is_utf8(decoder.flush()), "a stream is made of whole characters");
}

void check_text(TokenizerParts parts, std::string_view text) {
    const runtime::Vocabulary& vocabulary = *parts.vocabulary;  // stays where it is
    const auto tokenizer = runtime::assemble(std::move(parts));
    const runtime::ByteRange all{0, text.size()};
    runtime::EncodeOptions typed{.add_special = false};
    runtime::EncodeOptions literal{
        .add_special = false, .parse_special = true, .literal = {&all, 1}};
    for (const runtime::EncodeOptions& options : {typed, literal}) {
        const auto ids = tokenizer->encode(text, options);
        for (const runtime::TokenId id : ids) {
            fuzz::check(vocabulary.contains(id), "ids are in the vocabulary");
            const runtime::Token& token = vocabulary[id];
            fuzz::check(token.type != runtime::TokenType::control || token.text == "<unk>",
                        "a user cannot write control tokens");
        }
        check_stream(*tokenizer, ids);
    }
    const auto ids = tokenizer->encode(text, {.parse_special = true});
    check_stream(*tokenizer, ids);
    std::string joined;
    for (const runtime::TokenId id : ids) joined += tokenizer->piece(id, true);
    const std::string decoded = tokenizer->decode(ids, true);
    fuzz::check(decoded == joined || " " + decoded == joined, "a text is its pieces");
}

}  // namespace

// Any bytes are a tokenizer or an error; any text becomes ids of the vocabulary, and no control
// tokens unless they are allowed.
void fuzz_tokenizer_files(std::span<const std::byte> bytes) {
    const std::string_view input = fuzz::text_of(bytes);
    const std::size_t end = input.rfind(kTextFollows);
    auto parts = read_any(input.substr(0, end));
    if (!parts) return fuzz::check_message(parts.error().message);
    for (const std::string& warning : parts->warnings) fuzz::check_message(warning);
    const bool has_text = end != std::string_view::npos;
    check_text(std::move(*parts), has_text ? input.substr(end + kTextFollows.size()) : input);
}
