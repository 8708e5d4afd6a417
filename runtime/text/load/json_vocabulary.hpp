// The vocabulary and the merges of a tokenizer.json.
#pragma once

#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/merge_table.hpp"
#include "runtime/text/vocabulary.hpp"

namespace greenroom::runtime {

// model.vocab and added_tokens. `file` is the file in errors.
io::Result<std::vector<Token>> read_json_tokens(const io::Json& tokenizer, std::string_view file);

// model.merges, as pairs or as texts with a space between: the two sides of each. They are views
// into `tokenizer`.
io::Result<std::vector<MergeSides>> read_json_merges(const io::Json& tokenizer,
                                                     std::string_view file);

}  // namespace greenroom::runtime
