#include "runtime/text/load/folder_facts.hpp"

#include <charconv>
#include <fmt/format.h>

#include "io/file.hpp"
#include "runtime/text/load/json_fields.hpp"

namespace greenroom::runtime {
namespace {

namespace fs = std::filesystem;

// The object in a file of the folder; an empty one when there is no such file.
io::Result<io::Json> read_object(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return io::Json::object();
    auto json = io::read_json_file(path);
    if (json && !json->is_object()) {
        return io::Error{fmt::format("{}: expected a JSON object", io::printable_path(path))};
    }
    return json;
}

// A special token: its text, or an object with the text in it.
io::Result<void> read_token(const io::Json& json,
                            std::string_view key,
                            std::string_view where,
                            std::optional<std::string>& token) {
    const io::Json* value = find_field(json, key);
    if (value == nullptr || token) return {};
    const bool object = value->is_object();
    const auto text = object ? text_field(*value, "content", where) : text_field(json, key, where);
    if (!text) return text.error();
    if (*text) token = std::string(**text);
    return {};
}

io::Result<void> read_tokens(const io::Json& json, std::string_view where, FolderFacts& facts) {
    if (auto ok = read_token(json, "bos_token", where, facts.bos); !ok) return ok;
    if (auto ok = read_token(json, "eos_token", where, facts.eos); !ok) return ok;
    return read_token(json, "unk_token", where, facts.unknown);
}

io::Result<void> read_added(const io::Json& config, std::string_view where, FolderFacts& facts) {
    const io::Json* added = find_field(config, "added_tokens_decoder");
    if (added == nullptr) return {};
    if (!added->is_object()) return wrong_field("added_tokens_decoder", *added, "an object", where);
    for (const auto& [key, description] : added->items()) {
        const std::string place =
            fmt::format("{}: added_tokens_decoder[\"{}\"]", where, io::printable(key));
        TokenId id = -1;
        const char* end = key.data() + key.size();
        const auto parsed = std::from_chars(key.data(), end, id);
        if (parsed.ec != std::errc() || parsed.ptr != end || id < 0 || id >= kMaxJsonTokens) {
            return io::Error{fmt::format("{}: expected {}", place, kTokenIdExpected)};
        }
        auto token = read_added_token(description, id, place);
        if (!token) return token.error();
        facts.added.push_back(std::move(*token));
    }
    return {};
}

io::Result<void> read_tokenizer_config(const fs::path& path, FolderFacts& facts) {
    const auto json = read_object(path);
    if (!json) return json.error();
    const std::string where = io::printable_path(path);
    if (auto ok = read_tokens(*json, where, facts); !ok) return ok;
    const auto add_bos = flag_field(*json, "add_bos_token", where);
    if (!add_bos) return add_bos.error();
    const auto add_eos = flag_field(*json, "add_eos_token", where);
    if (!add_eos) return add_eos.error();
    facts.add_bos = *add_bos;
    facts.add_eos = *add_eos;
    return read_added(*json, where, facts);
}

// eos_token_id is an id or a list of them.
io::Result<void> read_generation_config(const fs::path& path, FolderFacts& facts) {
    const auto json = read_object(path);
    if (!json) return json.error();
    const std::string where = io::printable_path(path);
    if (const io::Json* bos = find_field(*json, "bos_token_id")) {
        facts.bos_id = as_token_id(*bos);
        if (!facts.bos_id) return wrong_field("bos_token_id", *bos, kTokenIdExpected, where);
    }
    const io::Json* eos = find_field(*json, "eos_token_id");
    if (eos == nullptr) return {};
    const io::Json list = eos->is_array() ? *eos : io::Json::array({*eos});
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto id = as_token_id(list[i]);
        if (!id) {
            const auto key = fmt::format("eos_token_id[{}]", i);
            return wrong_field(key, list[i], kTokenIdExpected, where);
        }
        facts.eos_ids.push_back(*id);
    }
    return {};
}

io::Result<std::optional<TokenId>> find_named(const std::optional<std::string>& text,
                                              std::string_view key,
                                              const FolderFacts& facts,
                                              const TokenizerParts& parts) {
    if (!text) return std::optional<TokenId>();
    if (const auto id = parts.vocabulary->find(*text)) return id;
    return io::Error{fmt::format(
        "{}: {} is \"{}\", which is not in the vocabulary", facts.name, key, io::printable(*text))};
}

io::Result<void> check_id(TokenId id,
                          std::string_view key,
                          const FolderFacts& facts,
                          const TokenizerParts& parts) {
    if (parts.vocabulary->contains(id)) return {};
    return io::Error{fmt::format("{}: {} is {}; expected less than the {} tokens",
                                 facts.name,
                                 key,
                                 id,
                                 parts.vocabulary->size())};
}

}  // namespace

io::Result<FolderFacts> read_folder_facts(const fs::path& folder) {
    FolderFacts facts;
    facts.name = io::printable_path(folder);
    if (auto ok = read_tokenizer_config(folder / "tokenizer_config.json", facts); !ok) {
        return ok.error();
    }
    const fs::path map = folder / "special_tokens_map.json";
    const auto special = read_object(map);
    if (!special) return special.error();
    if (auto ok = read_tokens(*special, io::printable_path(map), facts); !ok) return ok.error();
    if (auto ok = read_generation_config(folder / "generation_config.json", facts); !ok) {
        return ok.error();
    }
    return facts;
}

io::Result<void> apply_folder_facts(const FolderFacts& facts, TokenizerParts& parts) {
    for (const TokenId id : facts.eos_ids) {
        if (auto ok = check_id(id, "eos_token_id", facts, parts); !ok) return ok;
        parts.ends.push_back(id);
    }
    if (facts.bos_id) {
        if (auto ok = check_id(*facts.bos_id, "bos_token_id", facts, parts); !ok) return ok;
        parts.bos = facts.bos_id;
    }
    if (!facts.eos_ids.empty()) parts.eos = facts.eos_ids.front();
    const auto bos = find_named(facts.bos, "bos_token", facts, parts);
    if (!bos) return bos.error();
    const auto eos = find_named(facts.eos, "eos_token", facts, parts);
    if (!eos) return eos.error();
    if (*bos) parts.bos = *bos;
    if (*eos) parts.eos = *eos;
    parts.add_bos = facts.add_bos.value_or(parts.add_bos);
    parts.add_eos = facts.add_eos.value_or(parts.add_eos);
    return {};
}

}  // namespace greenroom::runtime
