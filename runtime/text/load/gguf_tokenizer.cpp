#include "runtime/text/load/gguf_tokenizer.hpp"

#include <fmt/format.h>
#include <utility>

#include "io/file.hpp"
#include "runtime/text/known_tokens.hpp"
#include "runtime/text/load/gguf_tokens.hpp"
#include "runtime/text/spm_segmenter.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::string_view kModel = "tokenizer.ggml.model";

io::Result<void> read_vocabulary(const io::Metadata& metadata,
                                 bool sentencepiece,
                                 TokenizerParts& parts) {
    auto tokens = read_gguf_tokens(metadata, sentencepiece);
    if (!tokens) return tokens.error();
    parts.warnings = correct_token_types(*tokens);
    auto vocabulary = Vocabulary::build(std::move(*tokens));
    if (!vocabulary) {
        return io::Error{fmt::format("{}: {}", metadata.file_name(), vocabulary.error().message)};
    }
    if (vocabulary->n_repeated() > 0) {
        parts.warnings.push_back(
            fmt::format("{} tokens repeat the text of an earlier one", vocabulary->n_repeated()));
    }
    parts.vocabulary = std::make_unique<Vocabulary>(std::move(*vocabulary));
    return {};
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
    parts.segmenter = std::make_unique<SpmSegmenter>(*parts.vocabulary, unknown);
    return parts;
}

}  // namespace

io::Result<TokenizerParts> read_gguf_tokenizer(const io::Metadata& metadata,
                                               [[maybe_unused]] std::string_view pre) {
    const auto model = metadata.text(kModel);
    if (!model) return model.error();
    if (*model == nullptr) {
        return io::Error{
            fmt::format("{}: {} is missing; expected a tokenizer", metadata.file_name(), kModel)};
    }
    if (**model == "llama") return read_spm(metadata);
    return io::Error{fmt::format(
        "{}: {} is \"{}\"; expected llama", metadata.file_name(), kModel, io::printable(**model))};
}

}  // namespace greenroom::runtime
