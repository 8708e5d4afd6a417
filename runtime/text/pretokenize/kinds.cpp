#include "runtime/text/pretokenize/kinds.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

#include "runtime/text/pretokenize/cased_words.hpp"
#include "runtime/text/pretokenize/deepseek_words.hpp"
#include "runtime/text/pretokenize/line_words.hpp"
#include "runtime/text/pretokenize/plain_words.hpp"

namespace greenroom::runtime {
namespace {

constexpr Rule kGpt2[] = {gpt2_words};
constexpr Rule kStarcoder[] = {single_numbers, gpt2_words};
constexpr Rule kFalcon[] = {punctuation_runs, gpt2_words, number_runs, digit_triples};
constexpr Rule kLlama3[] = {llama3_words};
constexpr Rule kQwen2[] = {qwen2_words};
constexpr Rule kQwen35[] = {qwen35_words};
constexpr Rule kSeedCoder[] = {seed_coder_words};
constexpr Rule kGpt4o[] = {gpt4o_words};
constexpr Rule kTekken[] = {tekken_words};
constexpr Rule kKimi[] = {kimi_words};
constexpr Rule kDeepseekLlm[] = {
    single_newlines, listed_letters, listed_signs, final_spaces, east_asian_runs, number_runs};
// As its tokenizer.json has it; the same for vocabularies that do not join digits.
constexpr Rule kDeepseekLlmDigits[] = {
    single_newlines, listed_letters, listed_signs, final_spaces, east_asian_runs, single_numbers};
constexpr Rule kDeepseekCoder[] = {
    single_newlines, spaced_letters, spaced_punctuation, east_asian_runs, single_numbers};
constexpr Rule kDeepseek3[] = {number_triples, han_and_kana_runs, deepseek3_words};

// Of the names that share rules, the first is the one to give a tokenizer.json.
// clang-format off
constexpr PreTokenizer kKinds[] = {
    {"gpt-2", kGpt2}, {"olmo", kGpt2}, {"mpt", kGpt2}, {"phi-2", kGpt2}, {"jais", kGpt2},
    {"trillion", kGpt2}, {"exaone4", kGpt2}, {"gigachat", kGpt2}, {"a.x-4.0", kGpt2},
    {"mellum", kGpt2}, {"granite-docling", kGpt2}, {"roberta-bpe", kGpt2},
    {"starcoder", kStarcoder}, {"refact", kStarcoder}, {"command-r", kStarcoder},
    {"smollm", kStarcoder}, {"codeshell", kStarcoder}, {"exaone", kStarcoder},
    {"minerva-7b", kStarcoder},
    {"falcon", kFalcon}, {"default", kFalcon},
    {"llama-bpe", kLlama3, true, true}, {"llama3", kLlama3, true, true},
    {"llama-v3", kLlama3, true, true}, {"falcon3", kLlama3, true, true},
    {"falcon-h1", kLlama3, true, true}, {"pixtral", kLlama3, true, true},
    {"midm-2.0", kLlama3, true, true}, {"lfm2", kLlama3, true, true},
    {"dbrx", kLlama3}, {"smaug-bpe", kLlama3},
    {"glm4", kLlama3, true}, {"chatglm-bpe", kLlama3, true},
    {"qwen2", kQwen2}, {"deepseek-r1-qwen", kQwen2}, {"stablelm2", kQwen2}, {"hunyuan", kQwen2},
    {"megrez", kQwen2}, {"kormo", kQwen2}, {"grok-2", kQwen2}, {"solar-open", kQwen2},
    {"bailingmoe", kQwen2}, {"bailingmoe2", kQwen2}, {"llada-moe", kQwen2},
    {"qwen35", kQwen35},
    {"seed-coder", kSeedCoder},
    {"gpt-4o", kGpt4o}, {"llama4", kGpt4o}, {"minimax-m2", kGpt4o},
    {"tekken", kTekken, true, true},
    {"kimi-k2", kKimi},
    {"deepseek-llm", kDeepseekLlm}, {"deepseek-llm", kDeepseekLlmDigits},
    {"deepseek-coder", kDeepseekCoder},
    {"deepseek-v3", kDeepseek3}, {"hunyuan-dense", kDeepseek3}, {"joyai-llm", kDeepseek3},
};

// Spellings of one and the same thing, and the one that kExpressions uses.
constexpr std::string_view kSpellings[][2] = {
    {"\r", R"(\r)"},
    {"\n", R"(\n)"},
    {R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]))", R"((?i:'s|'t|'re|'ve|'m|'ll|'d))"},
    {R"('(?i:[sdmt]|ll|ve|re))", R"((?i:'s|'t|'re|'ve|'m|'ll|'d))"},
    {R"(]?+)", R"(]?)"},
    {R"(]++)", R"(]+)"},
    {R"(\p{N}{1}|)", R"(\p{N}|)"},
    {R"(|\s*[\r\n]|)", R"(|\s*[\r\n]+|)"},
};

struct Expression {
    std::string_view text;
    Rule rule;
};
constexpr Expression kExpressions[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", gpt2_words},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", gpt2_words},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)", llama3_words},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)", qwen2_words},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N})"
     R"(| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)", qwen35_words},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+)"
     R"(|\s*[\r\n]+|\s+(?!\S)|\s+)", seed_coder_words},
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
     R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)", gpt4o_words},
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
     R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
     R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)", tekken_words},
    {R"([\r\n])", single_newlines},
    {R"(\s+$)", final_spaces},
    {"[一-龥ࠀ-一가-\uD7FF]+", east_asian_runs},
    {R"(\s?\p{L}+)", spaced_letters},
    {R"(\s?\p{P}+)", spaced_punctuation},
    {"[一-龥぀-ゟ゠-ヿ]+", han_and_kana_runs},
    {R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
     R"(| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)", deepseek3_words},
    {R"(\p{N}{1,3})", number_triples},
    {R"(\p{N})", single_numbers},
    {R"(\p{N}+)", number_runs},
    {R"([0-9][0-9][0-9])", digit_triples},
};
// clang-format on

std::string usual_spelling(std::string_view expression) {
    std::string text(expression);
    for (const auto& [from, to] : kSpellings) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    return text;
}

}  // namespace

std::optional<PreTokenizer> find_pre_tokenizer(std::string_view name) {
    const auto found = std::ranges::find(kKinds, name, &PreTokenizer::name);
    return found == std::end(kKinds) ? std::nullopt : std::optional(*found);
}

std::string_view name_of_rules(std::span<const Rule> rules, bool ignores_merges) {
    for (const PreTokenizer& kind : kKinds) {
        if (kind.ignores_merges == ignores_merges && std::ranges::equal(kind.rules, rules)) {
            return kind.name;
        }
    }
    return {};
}

Rule find_rule(std::string_view expression) {
    const std::string text = usual_spelling(expression);
    if (text == fmt::format(R"(\s?[{}]+)", kDeepseekLetters)) return listed_letters;
    if (text == fmt::format(R"(\s?[{}]+)", kDeepseekSigns)) return listed_signs;
    const auto found = std::ranges::find(kExpressions, text, &Expression::text);
    return found == std::end(kExpressions) ? nullptr : found->rule;
}

}  // namespace greenroom::runtime
