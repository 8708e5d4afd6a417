// Chooses the next token from logits. Knows token ids and chance, no model and no text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

// Applied in this order: penalties, top_k, top_p, min_p, temperature. The filters see probabilities
// before the temperature.
struct SamplerSettings {
    double temperature = 0.8;        // 0: always the likeliest token, the first of equals
    int top_k = 40;                  // only the K likeliest; 0: all
    double top_p = 0.95;             // only the likeliest whose sum reaches P; 1: all
    double min_p = 0.05;             // none below P times the likeliest; 0: all
    double repeat_penalty = 1.0;     // divides positive logits of recent tokens, multiplies others
    double presence_penalty = 0.0;   // taken once from the logit of a recent token
    double frequency_penalty = 0.0;  // taken once per occurrence
    int repeat_last_n = 64;          // how many tokens are recent; 0: none, -1: all
    std::uint64_t seed = 0;

    bool operator==(const SamplerSettings&) const = default;
};

// Uniform numbers in [0, 1): SplitMix64 (Steele, Lea, Flood 2014), the upper 53 bits of each
// output. The same on every platform.
class Uniform {
 public:
    explicit Uniform(std::uint64_t seed) : state_(seed) {}
    double next();

 private:
    std::uint64_t state_;
};

// The same settings, logits and accepted tokens give the same choices on every platform. Allocates
// only while it is made and until its window of recent tokens is full. One caller at a time.
class Sampler {
 public:
    Sampler(const SamplerSettings& settings, std::size_t vocabulary_size);

    // Contract: `logits` has vocabulary_size values. NaN counts as the smallest logit, infinities
    // as the largest finite ones.
    TokenId sample(std::span<const float> logits);
    // Counts `id` among the recent tokens: those of the prompt and those chosen.
    void accept(TokenId id);

    void forget_recent();
    // As if newly made: no recent tokens, the random numbers from their beginning.
    void reset();
    // The random numbers go on where they were unless the seed changes; recent tokens are kept only
    // where the window stays.
    void change(const SamplerSettings& settings);
    const SamplerSettings& settings() const { return settings_; }

 private:
    struct Candidate {
        float logit;
        TokenId id;
    };

    static bool likelier(const Candidate& a, const Candidate& b);
    void gather(std::span<const float> logits);
    void apply_penalties();
    void keep_top_k();
    void keep_probable();
    TokenId draw();

    SamplerSettings settings_;
    Uniform uniform_;
    std::vector<Candidate> candidates_;
    std::vector<double> weights_;        // of candidates_, while drawing
    std::vector<std::uint32_t> counts_;  // per id, within the window
    std::vector<TokenId> window_;        // ring; unused when repeat_last_n is -1
    std::size_t oldest_ = 0;             // in window_, once it is full
};

// The natural logarithm of the probability that `logits` give to `id`, before any filter.
float log_probability(std::span<const float> logits, TokenId id);

}  // namespace greenroom::runtime
