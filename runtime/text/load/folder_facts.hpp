// What the small files beside a tokenizer say about it: tokenizer_config.json,
// special_tokens_map.json and generation_config.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/load/added_tokens.hpp"

namespace greenroom::runtime {

struct FolderFacts {
    std::string name;                              // of the folder, for messages
    std::optional<std::string> bos, eos, unknown;  // texts of the tokens
    std::optional<bool> add_bos, add_eos;
    std::optional<TokenId> bos_id;  // where no text is given
    std::vector<TokenId> eos_ids;   // all that end a reply, the first one in front
    std::vector<AddedToken> added;  // added_tokens_decoder
};

// Files that are absent say nothing.
io::Result<FolderFacts> read_folder_facts(const std::filesystem::path& folder);

// Sets bos, eos, ends and switches of `parts`, whose vocabulary is there; what the facts leave open
// stays as it is. An error when they name a token that the vocabulary lacks.
io::Result<void> apply_folder_facts(const FolderFacts& facts, TokenizerParts& parts);

}  // namespace greenroom::runtime
