// A tokenizer.json of Hugging Face's tokenizers, with a BPE model.
#pragma once

#include <string_view>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/load/folder_facts.hpp"

namespace greenroom::runtime {

// `file` is the file in errors; `pre` overrides the pre-tokenizer by name, where the model is
// byte-level.
io::Result<TokenizerParts> read_tokenizer_json(const io::Json& tokenizer,
                                               std::string_view file,
                                               const FolderFacts& facts,
                                               std::string_view pre);

}  // namespace greenroom::runtime
