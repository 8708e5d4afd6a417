#include "runtime/text/load/sentencepiece_model.hpp"

#include <bit>
#include <fmt/format.h>
#include <utility>

#include "runtime/text/load/build_vocabulary.hpp"
#include "runtime/text/load/wire_reader.hpp"
#include "runtime/text/space_mark.hpp"
#include "runtime/text/spm_segmenter.hpp"

namespace greenroom::runtime {
namespace {

// A piece takes two bytes of the file and fifty here.
constexpr std::size_t kMaxPieces = 1 << 20;

// Calls `use(field)`, which may refuse it, for every field of a message.
template <class Use>
io::Result<void> for_each_field(std::string_view message, Use use) {
    WireReader reader(message);
    for (;;) {
        const auto field = reader.next();
        if (!field) return field.error();
        if (!*field) return {};
        if (io::Result<void> ok = use(**field); !ok) return ok;
    }
}

io::Result<Token> read_piece(std::string_view message) {
    Token token;
    const auto ok = for_each_field(message, [&](const WireField& field) -> io::Result<void> {
        if (field.number == 1) token.text = std::string(field.bytes);
        if (field.number == 2)
            token.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
        if (field.number != 3) return {};
        if (field.value < 1 || field.value > 6) {
            return io::Error{fmt::format("a piece is of type {}; expected 1 to 6", field.value)};
        }
        token.type = static_cast<TokenType>(field.value);
        return {};
    });
    if (!ok) return ok.error();
    // Text is searched for these before its spaces are marked.
    if (token.type == TokenType::user_defined) token.text = unmark_spaces(token.text);
    return token;
}

// What decides how text is cut, with the defaults of the format.
struct Specification {
    std::uint64_t model_type = 1;
    bool space_as_suffix = false;
    bool has_character_map = false;
    bool adds_space = true;
    bool removes_spaces = true;
    bool marks_spaces = true;
    std::int32_t unknown = 0, bos = 1, eos = 2;
};

io::Result<void> read_trainer(std::string_view message, Specification& spec) {
    return for_each_field(message, [&](const WireField& field) -> io::Result<void> {
        switch (field.number) {
            case 3:
                spec.model_type = field.value;
                break;
            case 24:
                spec.space_as_suffix = field.value != 0;
                break;
            case 40:
                spec.unknown = static_cast<std::int32_t>(field.value);
                break;
            case 41:
                spec.bos = static_cast<std::int32_t>(field.value);
                break;
            case 42:
                spec.eos = static_cast<std::int32_t>(field.value);
                break;
            default:
                break;
        }
        return {};
    });
}

io::Result<void> read_normalizer(std::string_view message, Specification& spec) {
    return for_each_field(message, [&](const WireField& field) -> io::Result<void> {
        switch (field.number) {
            case 2:
                spec.has_character_map = !field.bytes.empty();
                break;
            case 3:
                spec.adds_space = field.value != 0;
                break;
            case 4:
                spec.removes_spaces = field.value != 0;
                break;
            case 5:
                spec.marks_spaces = field.value != 0;
                break;
            default:
                break;
        }
        return {};
    });
}

io::Result<void> check(const Specification& spec) {
    constexpr std::string_view kTypes[] = {"unknown", "unigram", "BPE", "word", "character"};
    if (spec.model_type != 2) {
        const auto type = spec.model_type < std::size(kTypes) ? spec.model_type : 0;
        return io::Error{fmt::format("is a {} model; expected a BPE model", kTypes[type])};
    }
    if (spec.has_character_map) return io::Error{"normalises characters; not supported"};
    if (spec.removes_spaces) return io::Error{"removes extra spaces; not supported"};
    if (!spec.marks_spaces || spec.space_as_suffix) {
        return io::Error{"marks spaces in an unusual way; not supported"};
    }
    return {};
}

std::optional<TokenId> if_contained(std::int32_t id, std::size_t n_tokens) {
    const bool contained = id >= 0 && static_cast<std::size_t>(id) < n_tokens;
    return contained ? std::optional<TokenId>(id) : std::nullopt;
}

io::Result<SentencePieceModel> parse(std::string_view bytes) {
    SentencePieceModel model;
    Specification spec;
    auto read = for_each_field(bytes, [&](const WireField& field) -> io::Result<void> {
        if (field.number == 2) return read_trainer(field.bytes, spec);
        if (field.number == 3) return read_normalizer(field.bytes, spec);
        if (field.number != 1) return {};
        if (model.pieces.size() == kMaxPieces) {
            return io::Error{fmt::format("has more than {} pieces", kMaxPieces)};
        }
        auto piece = read_piece(field.bytes);
        if (!piece) return piece.error();
        model.pieces.push_back(std::move(*piece));
        return {};
    });
    if (!read) return read.error();
    if (auto ok = check(spec); !ok) return ok.error();
    model.unknown = if_contained(spec.unknown, model.pieces.size());
    model.bos = if_contained(spec.bos, model.pieces.size());
    model.eos = if_contained(spec.eos, model.pieces.size());
    model.adds_space = spec.adds_space;
    return model;
}

}  // namespace

io::Result<SentencePieceModel> parse_sentencepiece(std::string_view bytes, std::string_view name) {
    auto model = parse(bytes);
    if (!model) {
        return io::Error{
            fmt::format("{}: as a SentencePiece model, {}", name, model.error().message)};
    }
    return model;
}

io::Result<TokenizerParts> read_sentencepiece_tokenizer(std::string_view bytes,
                                                        std::string_view name,
                                                        const FolderFacts& facts) {
    auto model = parse_sentencepiece(bytes, name);
    if (!model) return model.error();
    TokenizerParts parts;
    parts.kind = "spm";
    parts.pre_tokenizer = "default";
    parts.spelling = Spelling::space_marks;
    parts.space_prefix = model->adds_space ? SpacePrefix::after_special : SpacePrefix::nowhere;
    parts.bos = model->bos;
    parts.eos = model->eos;
    parts.add_bos = true;
    add_tokens(facts.added, model->pieces);
    if (auto ok = build_vocabulary(std::move(model->pieces), name, parts); !ok) return ok.error();
    if (auto ok = apply_folder_facts(facts, parts); !ok) return ok.error();
    const auto unknown = usable_unknown(model->unknown, parts);
    parts.segmenter = std::make_unique<SpmSegmenter>(*parts.vocabulary, unknown);
    return parts;
}

}  // namespace greenroom::runtime
