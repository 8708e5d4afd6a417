// The forward pass of a decoder-only transformer whose feed-forward half may be a mixture of
// experts. Knows the order of the steps; each step is its own part.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/expert_store.hpp"
#include "runtime/model/device_layers.hpp"
#include "runtime/model/feed_forward.hpp"
#include "runtime/model/kv_cache.hpp"
#include "runtime/model/load_weights.hpp"
#include "runtime/model/model.hpp"
#include "runtime/model/router_scores.hpp"
#include "runtime/model/self_attention.hpp"

namespace greenroom::runtime {

class Decoder final : public Model {
 public:
    struct Parts {
        std::string name;  // for messages
        Hyperparameters hyperparameters;
        kernels::RouterRule router;
        SelfAttention::Settings attention;  // its batch and arithmetic are the model's
        Weights weights;
        std::unique_ptr<cache::ExpertStore> experts;
        io::ModelFiles files;                 // that the tiers read from; empty without tiers
        cache::TieredStore* tiers = nullptr;  // `experts`, when that is one
        std::unique_ptr<Prefetcher> prefetcher = nullptr;  // guesses go to `tiers`
        std::unique_ptr<DeviceLayers> gpu = nullptr;  // computes everything, where there is one
        std::vector<std::string> notices;
        KvCache cache;
        std::uint64_t weight_bytes;
        std::uint64_t bytes_per_token;
        RoutingFacts routing_facts;
    };

    // `pool` must outlive this.
    Decoder(Parts parts, kernels::ThreadPool& pool);

    int vocabulary_size() const override { return h_.vocabulary; }
    int context() const override { return cache_.capacity(); }
    int trained_context() const override { return h_.context; }
    int batch() const override { return batch_; }
    int length() const override { return cache_.length(); }
    void truncate(int length) override;
    void shift(int keep, int n) override;
    io::Result<std::span<const float>> forward(std::span<const std::int32_t> tokens,
                                               LogitRows rows) override;
    void stop_when(std::stop_token stop) override { stop_ = std::move(stop); }
    void observe_routing(RoutingObserver observer) override;
    void score_ahead(int layers) override;
    bool drive_routing(RoutingDriver driver) override;
    RoutingFacts routing_facts() const override { return routing_facts_; }
    void time_ops(OpTotals* totals) override;
    cache::TieredStore* expert_tiers() override { return tiers_; }
    std::span<const prefetch::PredictionCounters> predictions() const override;
    std::span<const std::string> notices() const override { return notices_; }
    std::uint64_t weight_bytes() const override { return weight_bytes_; }
    std::uint64_t kv_bytes() const override { return cache_.bytes(); }
    std::uint64_t bytes_per_token() const override { return bytes_per_token_; }

 private:
    io::Result<void> check(std::span<const std::int32_t> tokens, LogitRows rows) const;
    // Takes at most batch() tokens through all layers, into the cache and, at least the last n_rows
    // of them, into the hidden state of the GPU or the CPU.
    io::Result<void> step(std::span<const std::int32_t> tokens, int n_rows);
    // The same on the CPU: nobody reads what the last layer's feed-forward half makes of the
    // others.
    io::Result<void> run_layers(std::span<const std::int32_t> tokens, int n_rows);
    // Whether the routing of every token matters, also where its result does not.
    bool is_watched() const { return is_observed_ || tiers_ != nullptr; }
    void embed(std::span<const std::int32_t> tokens);
    // normed_ = the n rows of hidden_ from `first` on, normalised.
    void norm(const std::vector<float>& weight, int first, int n);
    // Of the layers behind `row.layer`, for its token.
    std::span<const ScoresAhead> scores_ahead(const RoutingRow& row);
    io::Error non_finite(const std::string& where) const;
    void multiply_output(int first, int n);
    // Calls move(layer, the host's memory for its keys and values) for each layer of the GPU.
    template <class Move>
    void for_gpu_layers(Move move);
    // Logits of the n rows of hidden_ from `first` on.
    io::Result<std::span<const float>> logits(int first, int n);

    const std::string name_;
    const Hyperparameters h_;
    const int batch_;
    kernels::ThreadPool& pool_;
    const Weights weights_;
    KvCache cache_;
    const std::uint64_t weight_bytes_;
    const std::uint64_t bytes_per_token_;
    const RoutingFacts routing_facts_;
    const io::ModelFiles files_;  // before the store that reads them
    const std::unique_ptr<cache::ExpertStore> experts_;
    cache::TieredStore* const tiers_;
    const std::unique_ptr<Prefetcher> prefetcher_;
    const std::unique_ptr<DeviceLayers> gpu_;
    const std::vector<std::string> notices_;
    std::stop_token stop_;
    bool is_observed_ = false;
    std::span<const std::int32_t> step_tokens_;  // of the step at hand
    OpTotals* op_totals_ = nullptr;
    SelfAttention attention_;
    FeedForward feed_forward_;

    RouterScores routers_;  // for scores_ahead
    int layers_ahead_ = 0;
    std::vector<float> ahead_logits_;  // (layers_ahead_, experts)
    std::vector<ScoresAhead> ahead_;

    kernels::Activations output_;  // what the output product reads
    std::vector<float> hidden_;    // (batch, embed)
    std::vector<float> normed_;    // (batch, embed)
    std::vector<float> logits_;    // (1 or batch, vocabulary)
};

}  // namespace greenroom::runtime
