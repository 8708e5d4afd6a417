#include "runtime/text/load/tokenizer_json.hpp"

#include <fmt/format.h>
#include <utility>

#include "io/file.hpp"
#include "runtime/text/byte_bpe_segmenter.hpp"
#include "runtime/text/character_bpe_segmenter.hpp"
#include "runtime/text/load/build_vocabulary.hpp"
#include "runtime/text/load/json_fields.hpp"
#include "runtime/text/load/json_pipeline.hpp"
#include "runtime/text/load/json_vocabulary.hpp"
#include "runtime/text/pretokenize/kinds.hpp"

namespace greenroom::runtime {
namespace {

// Refuses models other than BPE, and options of BPE that nobody's model uses.
io::Result<void> check_model(const io::Json& tokenizer, std::string_view file) {
    const std::string where = fmt::format("{}: model", file);
    const io::Json* model = find_field(tokenizer, "model");
    if (model == nullptr) return missing_field("model", file);
    const auto type = text_field(*model, "type", where);
    if (!type) return type.error();
    if (*type && **type != "BPE") return wrong_field("type", model->at("type"), "BPE", where);
    for (const std::string_view key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        const auto text = text_field(*model, key, where);
        if (!text) return text.error();
        if (*text && !(*text)->empty()) return wrong_field(key, model->at(key), "nothing", where);
    }
    const io::Json* dropout = find_field(*model, "dropout");
    if (dropout != nullptr && *dropout != 0) return wrong_field("dropout", *dropout, "none", where);
    return {};
}

// The special token that a template puts around every text.
io::Result<void> use_template_token(const std::optional<std::string>& text,
                                    std::string_view file,
                                    const TokenizerParts& parts,
                                    std::optional<TokenId>& id) {
    if (!text) return {};
    id = parts.vocabulary->find(*text);
    if (id) return {};
    return io::Error{fmt::format("{}: post_processor names \"{}\", which is not in the vocabulary",
                                 file,
                                 io::printable(*text))};
}

io::Result<void> use_pipeline(const JsonPipeline& pipeline,
                              std::string_view file,
                              TokenizerParts& parts) {
    parts.kind = pipeline.byte_level ? "bpe" : "spm";
    parts.spelling = pipeline.byte_level ? Spelling::byte_level : Spelling::space_marks;
    parts.space_prefix = pipeline.space_prefix;
    parts.prefix_repeats_space = pipeline.prefix_repeats_space;
    parts.add_bos = pipeline.first.has_value();
    parts.add_eos = pipeline.last.has_value();
    if (auto ok = use_template_token(pipeline.first, file, parts, parts.bos); !ok) return ok;
    return use_template_token(pipeline.last, file, parts, parts.eos);
}

struct BpeFacts {
    MergeTable merges;
    bool ignores_merges = false;
    std::optional<TokenId> unknown;
};

io::Result<BpeFacts> read_bpe(const io::Json& tokenizer,
                              std::string_view file,
                              TokenizerParts& parts) {
    const std::string where = fmt::format("{}: model", file);
    const io::Json& model = tokenizer.at("model");
    const auto sides = read_json_merges(tokenizer, file);
    if (!sides) return sides.error();
    const auto ignores_merges = flag_field(model, "ignore_merges", where);
    if (!ignores_merges) return ignores_merges.error();
    const auto unknown = text_field(model, "unk_token", where);
    if (!unknown) return unknown.error();
    BpeFacts facts{build_merges(*sides, parts), ignores_merges->value_or(false), {}};
    if (*unknown) facts.unknown = parts.vocabulary->find(**unknown);
    return facts;
}

io::Result<void> override_rules(std::string_view pre,
                                std::string_view file,
                                JsonPipeline& pipeline) {
    if (pre.empty()) return {};
    const auto kind = find_pre_tokenizer(pre);
    if (!kind) {
        return io::Error{
            fmt::format("{}: the pre-tokenizer \"{}\" is unknown", file, io::printable(pre))};
    }
    pipeline.rules.assign(kind->rules.begin(), kind->rules.end());
    return {};
}

void make_byte_level(BpeFacts bpe,
                     const JsonPipeline& pipeline,
                     std::string_view pre,
                     TokenizerParts& parts) {
    parts.pre_tokenizer = pre.empty() ? name_of_rules(pipeline.rules, bpe.ignores_merges) : pre;
    parts.segmenter = std::make_unique<ByteBpeSegmenter>(
        *parts.vocabulary,
        std::move(bpe.merges),
        ByteBpeOptions{pipeline.rules, bpe.ignores_merges, pipeline.composes});
}

io::Result<void> make_space_marking(BpeFacts bpe,
                                    const JsonPipeline& pipeline,
                                    std::string_view file,
                                    TokenizerParts& parts) {
    if (!pipeline.marks_spaces || pipeline.composes) {
        return io::Error{fmt::format(
            "{}: normalizer and pre_tokenizer neither spell bytes nor only mark spaces", file)};
    }
    parts.pre_tokenizer = "default";
    parts.segmenter = std::make_unique<CharacterBpeSegmenter>(
        *parts.vocabulary,
        std::move(bpe.merges),
        CharacterBpeOptions{pipeline.rules, bpe.ignores_merges, bpe.unknown});
    return {};
}

}  // namespace

io::Result<TokenizerParts> read_tokenizer_json(const io::Json& tokenizer,
                                               std::string_view file,
                                               const FolderFacts& facts,
                                               std::string_view pre) {
    if (auto ok = check_model(tokenizer, file); !ok) return ok.error();
    auto pipeline = read_json_pipeline(tokenizer, file);
    if (!pipeline) return pipeline.error();
    auto tokens = read_json_tokens(tokenizer, file);
    if (!tokens) return tokens.error();
    TokenizerParts parts;
    parts.warnings = std::move(pipeline->warnings);
    if (auto ok = build_vocabulary(std::move(*tokens), file, parts); !ok) return ok.error();
    if (auto ok = use_pipeline(*pipeline, file, parts); !ok) return ok.error();
    if (auto ok = apply_folder_facts(facts, parts); !ok) return ok.error();
    auto bpe = read_bpe(tokenizer, file, parts);
    if (!bpe) return bpe.error();
    if (pipeline->byte_level) {
        if (auto ok = override_rules(pre, file, *pipeline); !ok) return ok.error();
        make_byte_level(std::move(*bpe), *pipeline, pre, parts);
        return parts;
    }
    auto made = make_space_marking(std::move(*bpe), *pipeline, file, parts);
    if (!made) return made.error();
    return parts;
}

}  // namespace greenroom::runtime
