#include "runtime/text/load/json_vocabulary.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "io/file.hpp"
#include "runtime/text/load/added_tokens.hpp"
#include "runtime/text/load/json_fields.hpp"

namespace greenroom::runtime {
namespace {

// model.KEY of the given type.
io::Result<const io::Json*> model_field(const io::Json& tokenizer,
                                        std::string_view key,
                                        io::Json::value_t type,
                                        std::string_view file) {
    const io::Json* model = find_field(tokenizer, "model");
    const io::Json* value = model == nullptr ? nullptr : find_field(*model, key);
    const std::string where = fmt::format("{}: model", file);
    if (value == nullptr) return missing_field(key, where);
    if (value->type() == type) return value;
    const bool array = type == io::Json::value_t::array;
    return wrong_field(key, *value, array ? "an array" : "an object", where);
}

io::Result<void> read_vocab(const io::Json& vocab,
                            std::string_view where,
                            std::vector<Token>& tokens) {
    Token filler;
    filler.type = TokenType::unused;
    for (const auto& item : vocab.items()) {
        const io::Json& json = item.value();
        const auto key = [&] { return fmt::format("vocab[\"{}\"]", io::printable(item.key())); };
        const auto id = as_token_id(json);
        if (!id) return wrong_field(key(), json, kTokenIdExpected, where);
        const auto place = static_cast<std::size_t>(*id);
        if (place >= tokens.size()) tokens.resize(place + 1, filler);
        if (tokens[place].type != TokenType::unused) {
            return wrong_field(key(), json, "an id that no other token has", where);
        }
        tokens[place].text = item.key();
        tokens[place].type = TokenType::normal;
    }
    return {};
}

// Byte tokens and the unknown token are normal ones in vocab.
io::Result<void> read_types(const io::Json& model,
                            std::string_view where,
                            std::vector<Token>& tokens) {
    const auto byte_fallback = flag_field(model, "byte_fallback", where);
    if (!byte_fallback) return byte_fallback.error();
    const auto unknown = text_field(model, "unk_token", where);
    if (!unknown) return unknown.error();
    for (Token& token : tokens) {
        if (byte_fallback->value_or(false) && parse_byte_token(token.text)) {
            token.type = TokenType::byte;
        }
        if (*unknown && token.text == **unknown) token.type = TokenType::unknown;
    }
    return {};
}

io::Result<std::vector<AddedToken>> read_added(const io::Json& tokenizer, std::string_view file) {
    std::vector<AddedToken> added;
    const io::Json* list = find_field(tokenizer, "added_tokens");
    if (list == nullptr) return added;
    if (!list->is_array()) return wrong_field("added_tokens", *list, "an array", file);
    for (const io::Json& json : *list) {
        const std::string where = fmt::format("{}: added_tokens[{}]", file, added.size());
        const io::Json* number = find_field(json, "id");
        if (number == nullptr) return missing_field("id", where);
        const auto id = as_token_id(*number);
        if (!id) return wrong_field("id", *number, kTokenIdExpected, where);
        auto token = read_added_token(json, *id, where);
        if (!token) return token.error();
        added.push_back(std::move(*token));
    }
    return added;
}

// The two sides of one merge; empty when it is malformed.
std::optional<MergeSides> sides_of(const io::Json& merge) {
    const auto text = [](const io::Json& json) {
        return std::string_view(json.get_ref<const std::string&>());
    };
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        const MergeSides sides{text(merge[0]), text(merge[1])};
        return sides.left.empty() || sides.right.empty() ? std::nullopt : std::optional(sides);
    }
    if (!merge.is_string()) return std::nullopt;
    return split_merge(text(merge));
}

}  // namespace

io::Result<std::vector<Token>> read_json_tokens(const io::Json& tokenizer, std::string_view file) {
    const auto vocab = model_field(tokenizer, "vocab", io::Json::value_t::object, file);
    if (!vocab) return vocab.error();
    const std::string where = fmt::format("{}: model", file);
    std::vector<Token> tokens;
    if (auto ok = read_vocab(**vocab, where, tokens); !ok) return ok.error();
    if (auto ok = read_types(tokenizer.at("model"), where, tokens); !ok) return ok.error();
    const auto added = read_added(tokenizer, file);
    if (!added) return added.error();
    add_tokens(*added, tokens);
    return tokens;
}

io::Result<std::vector<MergeSides>> read_json_merges(const io::Json& tokenizer,
                                                     std::string_view file) {
    const auto list = model_field(tokenizer, "merges", io::Json::value_t::array, file);
    if (!list) return list.error();
    std::vector<MergeSides> merges;
    merges.reserve((*list)->size());
    for (const io::Json& json : **list) {
        const auto sides = sides_of(json);
        if (!sides) {
            return wrong_field(fmt::format("merges[{}]", merges.size()),
                               json,
                               "two tokens, or a text of two tokens and a space",
                               fmt::format("{}: model", file));
        }
        merges.push_back(*sides);
    }
    return merges;
}

}  // namespace greenroom::runtime
