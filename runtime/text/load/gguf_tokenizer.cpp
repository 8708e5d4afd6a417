#include "runtime/text/load/gguf_tokenizer.hpp"

#include <fmt/format.h>
#include <utility>

#include "io/file.hpp"
#include "runtime/text/byte_bpe_segmenter.hpp"
#include "runtime/text/character_bpe_segmenter.hpp"
#include "runtime/text/load/build_vocabulary.hpp"
#include "runtime/text/load/gguf_tokens.hpp"
#include "runtime/text/pretokenize/kinds.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"
#include "runtime/text/spm_segmenter.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::string_view kModel = "tokenizer.ggml.model";
constexpr std::string_view kPre = "tokenizer.ggml.pre";

io::Result<void> read_vocabulary(const io::Metadata& metadata,
                                 bool sentencepiece,
                                 TokenizerParts& parts) {
    auto tokens = read_gguf_tokens(metadata, sentencepiece);
    if (!tokens) return tokens.error();
    return build_vocabulary(std::move(*tokens), metadata.file_name(), parts);
}

// An id of `parts`, unless the file names another one.
io::Result<void> read_id(const io::Metadata& metadata,
                         std::string_view name,
                         const TokenizerParts& parts,
                         std::optional<TokenId>& id) {
    const auto key = fmt::format("tokenizer.ggml.{}_token_id", name);
    const auto found = read_gguf_token_id(metadata, key, parts.vocabulary->size());
    if (!found) return found.error();
    if (*found) id = *found;
    return {};
}

io::Result<void> read_special_ids(const io::Metadata& metadata, TokenizerParts& parts) {
    std::optional<TokenId> eot;
    std::optional<TokenId> eom;
    for (auto [name, id] :
         {std::pair{"bos", &parts.bos}, {"eos", &parts.eos}, {"eot", &eot}, {"eom", &eom}}) {
        if (auto ok = read_id(metadata, name, parts, *id); !ok) return ok.error();
    }
    if (eot) parts.ends.push_back(*eot);
    if (eom) parts.ends.push_back(*eom);
    return {};
}

io::Result<void> read_switches(const io::Metadata& metadata, TokenizerParts& parts) {
    bool space = parts.space_prefix != SpacePrefix::nowhere;
    for (auto [name, value] : {std::pair{"add_bos_token", &parts.add_bos},
                               {"add_eos_token", &parts.add_eos},
                               {"add_space_prefix", &space}}) {
        const auto found = metadata.boolean(fmt::format("tokenizer.ggml.{}", name));
        if (!found) return found.error();
        *value = found->value_or(*value);
    }
    parts.space_prefix = space ? SpacePrefix::after_special : SpacePrefix::nowhere;
    return {};
}

// `id`, if the vocabulary has that many tokens.
std::optional<TokenId> usual(const TokenizerParts& parts, TokenId id) {
    return parts.vocabulary->contains(id) ? std::optional(id) : std::nullopt;
}

io::Result<TokenizerParts> read_spm(const io::Metadata& metadata) {
    TokenizerParts parts;
    if (auto ok = read_vocabulary(metadata, true, parts); !ok) return ok.error();
    parts.kind = "spm";
    parts.spelling = Spelling::space_marks;
    parts.bos = usual(parts, 1);
    parts.eos = usual(parts, 2);
    parts.add_bos = true;
    parts.space_prefix = SpacePrefix::after_special;
    std::optional<TokenId> unknown = usual(parts, 0);
    if (auto ok = read_id(metadata, "unknown", parts, unknown); !ok) return ok.error();
    if (auto ok = read_special_ids(metadata, parts); !ok) return ok.error();
    if (auto ok = read_switches(metadata, parts); !ok) return ok.error();
    unknown = usable_unknown(unknown, parts);
    parts.segmenter = std::make_unique<SpmSegmenter>(*parts.vocabulary, unknown);
    return parts;
}

io::Result<MergeTable> read_merges(const io::Metadata& metadata, TokenizerParts& parts) {
    const auto merges = read_gguf_merges(metadata);
    if (!merges) return merges.error();
    return build_merges(*merges, parts);
}

PreTokenizer choose_pre_tokenizer(std::string_view name, TokenizerParts& parts) {
    if (const auto found = find_pre_tokenizer(name)) return *found;
    const std::string named = name.empty() ? "none" : fmt::format("\"{}\"", io::printable(name));
    parts.warnings.push_back(
        fmt::format("the pre-tokenizer is {}, which is unknown; \"default\" stands in, and some "
                    "words may be cut differently",
                    named));
    return *find_pre_tokenizer("default");
}

io::Result<TokenizerParts> read_byte_bpe(const io::Metadata& metadata, std::string_view pre) {
    TokenizerParts parts;
    if (auto ok = read_vocabulary(metadata, false, parts); !ok) return ok.error();
    const PreTokenizer kind = choose_pre_tokenizer(pre, parts);
    parts.kind = "bpe";
    parts.spelling = Spelling::byte_level;
    parts.pre_tokenizer = kind.name;
    parts.add_bos = kind.adds_bos;
    if (auto ok = read_special_ids(metadata, parts); !ok) return ok.error();
    if (auto ok = read_switches(metadata, parts); !ok) return ok.error();
    auto merges = read_merges(metadata, parts);
    if (!merges) return merges.error();
    ByteBpeOptions options;
    options.rules.assign(kind.rules.begin(), kind.rules.end());
    options.ignores_merges = kind.ignores_merges;
    parts.segmenter = std::make_unique<ByteBpeSegmenter>(
        *parts.vocabulary, std::move(*merges), std::move(options));
    return parts;
}

io::Result<TokenizerParts> read_gemma4(const io::Metadata& metadata) {
    TokenizerParts parts;
    if (auto ok = read_vocabulary(metadata, false, parts); !ok) return ok.error();
    parts.kind = "bpe";
    parts.spelling = Spelling::space_marks;
    parts.pre_tokenizer = "gemma4";
    CharacterBpeOptions options{.rules = {lines}};
    if (auto ok = read_id(metadata, "unknown", parts, options.unknown); !ok) return ok.error();
    options.unknown = usable_unknown(options.unknown, parts);
    if (auto ok = read_special_ids(metadata, parts); !ok) return ok.error();
    if (auto ok = read_switches(metadata, parts); !ok) return ok.error();
    auto merges = read_merges(metadata, parts);
    if (!merges) return merges.error();
    parts.segmenter = std::make_unique<CharacterBpeSegmenter>(
        *parts.vocabulary, std::move(*merges), std::move(options));
    return parts;
}

}  // namespace

io::Result<TokenizerParts> read_gguf_tokenizer(const io::Metadata& metadata, std::string_view pre) {
    const auto model = metadata.text(kModel);
    if (!model) return model.error();
    const auto named_pre = metadata.text(kPre);
    if (!named_pre) return named_pre.error();
    if (pre.empty() && *named_pre != nullptr) pre = **named_pre;
    const std::string_view name = *model == nullptr ? std::string_view() : **model;
    if (name == "llama") return read_spm(metadata);
    if (name == "gpt2") return read_byte_bpe(metadata, pre);
    if (name == "gemma4") return read_gemma4(metadata);
    return io::Error{fmt::format("{}: {} is \"{}\"; expected llama, gpt2 or gemma4",
                                 metadata.file_name(),
                                 kModel,
                                 io::printable(name))};
}

}  // namespace greenroom::runtime
