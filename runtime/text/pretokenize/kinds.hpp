// The pre-tokenizers that files name, and the rules that tokenizer.json spells as expressions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "runtime/text/pretokenize/rule.hpp"

namespace greenroom::runtime {

struct PreTokenizer {
    std::string_view name;
    std::span<const Rule> rules;
    bool ignores_merges = false;  // words that are tokens stay whole
    bool adds_bos = false;        // unless the file says otherwise
};

// By the name in tokenizer.ggml.pre; empty for names that are unknown.
std::optional<PreTokenizer> find_pre_tokenizer(std::string_view name);

// The name that stands for these rules in a GGUF file; empty when there is none.
std::string_view name_of_rules(std::span<const Rule> rules, bool ignores_merges);

// The rule of a published expression; null for others.
Rule find_rule(std::string_view expression);

}  // namespace greenroom::runtime
