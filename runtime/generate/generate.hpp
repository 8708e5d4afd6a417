// From prompt ids to tokens, one at a time. Knows a model, its tokenizer and a sampler; knows no
// messages and no templates.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cache/tiers/store_status.hpp"
#include "io/result.hpp"
#include "runtime/generate/sampler.hpp"
#include "runtime/model/latency.hpp"
#include "runtime/model/model.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

enum class StopReason {
    stop,         // the model ended its reply
    length,       // as many tokens as asked for
    context,      // the context is full
    interrupted,  // the stop token said so
};
std::string_view stop_reason_name(StopReason reason);  // "stop", "length", …

struct GenerateOptions {
    int predict = -1;         // most tokens; -1: until the context is full
    bool ignore_eos = false;  // go on behind tokens that end a reply
    bool logprobs = false;
    bool drop_first_space =
        false;  // of a reply's text: the one that SentencePiece models begin with
    std::span<const TokenId> end_ids = {};  // besides the tokenizer's own
};

struct GenerateHooks {
    // Called with whole characters as they come; control tokens have no text.
    std::function<void(std::string_view text)> on_text;
    std::stop_token stop;
    // Called when the context is full, with the tokens generated so far: the shorter prompt to go
    // on behind, or nothing to end with StopReason::context.
    std::function<std::optional<std::vector<TokenId>>(std::span<const TokenId> generated)>
        make_room;
};

struct Timings {
    int reused_n = 0;  // prompt tokens that were in the model already
    int prompt_n = 0;  // prompt tokens read
    double prompt_s = 0;
    int predicted_n = 0;
    double predicted_s = 0;             // from the end of the prompt
    double first_token_s = 0;           // from the call to the first token; 0 when there is none
    std::optional<Latency> token = {};  // from one token to the next; empty with fewer than two
};

struct Generated {
    std::vector<TokenId> ids;  // with the token that ended the reply, when one did
    std::string text;
    StopReason reason = StopReason::stop;
    std::vector<float> logprobs;  // of ids, when asked for
    Timings timings;
    // What the expert tiers did while the prompt was read, and while tokens were predicted; empty
    // for a model without tiers.
    std::optional<cache::StoreStatus> prompt_tiers, predicted_tiers;
    // How good the predictions of each layer's experts were meanwhile; empty where nobody predicts.
    std::vector<prefetch::PredictionCounters> predictions = {};
};

// Keeps what the model has read from one call to the next: only what differs is read again. The
// last token of the prompt is always read, because its logits are needed. One caller at a time.
class Generator {
 public:
    // All three outlive the generator. From now on nobody else feeds the model.
    Generator(Model& model, const Tokenizer& tokenizer, Sampler& sampler);

    // An Error when the prompt is empty or longer than the context, or from the model; the model
    // then holds what it had read.
    io::Result<Generated> generate(std::span<const TokenId> prompt,
                                   const GenerateOptions& options,
                                   const GenerateHooks& hooks = {});

    // The tokens whose positions are in the model.
    std::span<const TokenId> read() const { return read_; }
    // Lets the next call keep positions behind a removed stretch by Model::shift, where the new
    // prompt goes on with the end of what was read.
    void allow_shift() { may_shift_ = true; }
    void clear();

 private:
    struct Run;
    void prepare_sampler(std::span<const TokenId> prompt);
    bool ends_reply(TokenId id, const GenerateOptions& options) const;
    std::size_t reuse(std::span<const TokenId> ids);
    io::Result<bool> read_up_to(std::span<const TokenId> ids, const Run& run);
    io::Result<void> feed(std::span<const TokenId> ids);
    io::Result<void> predict(Run& run);
    bool choose_token(Run& run);
    io::Result<bool> advance(Run& run);

    Model& model_;
    const Tokenizer& tokenizer_;
    Sampler& sampler_;
    std::vector<TokenId> read_;
    std::span<const float> logits_;  // after the last of read_
    bool may_shift_ = false;
};

}  // namespace greenroom::runtime
