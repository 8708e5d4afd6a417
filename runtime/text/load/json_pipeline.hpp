// What tokenizer.json does with text before and after its BPE model: normalizer, pre-tokenizer,
// post-processor and decoder. Components that change ids in ways unknown here are refused by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"
#include "runtime/text/assembled_tokenizer.hpp"
#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

struct JsonPipeline {
    std::vector<Rule> rules;
    bool byte_level = false;
    bool marks_spaces = false;
    bool composes = false;  // to NFC
    SpacePrefix space_prefix = SpacePrefix::nowhere;
    bool prefix_repeats_space = true;
    std::optional<std::string> first, last;  // special tokens around every text
    std::vector<std::string> warnings;
};

// `file` is the file in errors.
io::Result<JsonPipeline> read_json_pipeline(const io::Json& tokenizer, std::string_view file);

}  // namespace greenroom::runtime
