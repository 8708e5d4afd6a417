// How fast a model reads prompts and how fast it answers, measured as llama-bench does. Knows no
// output format.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cache/tiers/store_status.hpp"
#include "io/result.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

// What one row measures: a prompt read at once, tokens decoded one by one, or one after the other.
struct BenchTest {
    int n_prompt = 0;
    int n_gen = 0;
    int n_depth = 0;  // tokens read before, untimed

    int positions() const { return n_depth + n_prompt + n_gen; }
};

struct BenchSettings {
    int repeats = 5;
    bool warm_up = true;     // a run before the timed ones, of a few tokens where decoding is timed
    std::uint64_t seed = 1;  // of the token ids
    bool ops = false;        // whether one more run is timed step by step
};

struct BenchResult {
    BenchTest test;
    std::vector<double> seconds;         // one per repeat
    std::vector<double> prompt_seconds;  // of them, until the first token could be chosen
    std::vector<double> token_seconds;   // one per token decoded, of all repeats
    // What the expert tiers did in all timed runs together; empty for a model without tiers.
    std::optional<cache::StoreStatus> tiers;
    // How good the predictions of each layer's experts were in them; empty where nobody predicts.
    std::vector<prefetch::PredictionCounters> predictions = {};
    std::optional<std::uint64_t> peak_memory;  // bytes of the whole process, until now
    // Of the run that was timed step by step, which counts nowhere else.
    struct Steps {
        double seconds;
        OpTotals ops;
    };
    std::optional<Steps> steps = {};

    std::vector<double> tokens_per_second() const;  // one per repeat
    std::uint64_t timed_tokens() const;             // of all repeats
};

// Forgets what the model has read. An Error is the model's own, as when the context is too short.
io::Result<BenchResult> run_bench(Model& model,
                                  const BenchTest& test,
                                  const BenchSettings& settings);

double mean(std::span<const double> values);
// Of the values as a sample; 0 of fewer than two.
double standard_deviation(std::span<const double> values);

}  // namespace greenroom::runtime
