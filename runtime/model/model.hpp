// A loaded language model and its forward pass. Knows families, weights and caches; knows no text.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "kernels/activations.hpp"
#include "kernels/attention.hpp"
#include "kernels/thread_pool.hpp"
#include "runtime/model/expert_tiers.hpp"
#include "runtime/model/op_times.hpp"
#include "runtime/model/routing_facts.hpp"

namespace greenroom::runtime {

enum class LoadMethod {
    read,  // into memory that we own, with large parallel reads
    mmap,  // the file's own pages: instant when warm, only where the whole model fits
};

// A GPU for the whole forward pass.
struct GpuSettings {
    kernels::Stream* stream = nullptr;  // that it computes on; outlives the model. Null: no GPU
    std::uint64_t reserve_bytes = 0;    // of its free memory, which stays free
};

struct ModelSettings {
    LoadMethod load = LoadMethod::read;
    kernels::Arithmetic arithmetic = kernels::Arithmetic::fast;
    kernels::KvType kv_type = kernels::KvType::f16;
    int context = 0;  // positions; 0: as the model says, at most 4096
    int batch = 512;  // most tokens in one forward call
    ExpertTierSettings experts = {};
    GpuSettings gpu = {};
    // Instead of reading weights: for a model that nobody wrote. A vector has one row. Experts in
    // tiers are read all the same.
    std::function<void(const cache::MatrixHome& home, std::span<std::byte> weights)> fill = {};
};

// Watches a load. `progress` is called with bytes done and bytes in all; `stop` cancels.
struct LoadHooks {
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
    std::stop_token stop;
};

// What the router of a later layer makes of the hidden state at hand.
struct ScoresAhead {
    int layer = 0;
    std::span<const float> logits;  // (experts)
};

// What one layer chose for one token: `k` ids in order of falling weight.
struct RoutingRow {
    int layer = 0;
    int position = 0;
    int token = 0;     // of those that go through the layer together, from 0
    int n_tokens = 1;  // how many do
    std::int32_t token_id = -1;
    std::span<const std::int32_t> experts;
    std::span<const float> weights;
    std::span<const cache::UseOutcome> outcomes;  // what each expert was found as
    std::span<const ScoresAhead> ahead = {};  // of the last token, where Model::score_ahead asked
};
using RoutingObserver = std::function<void(const RoutingRow&)>;

// The routing of one layer for the tokens that go through it together, before it is used.
struct RoutingChoice {
    int layer = 0;
    std::span<std::int32_t> experts;  // (tokens, k), of falling weight
    std::span<float> weights;         // (tokens, k)
};
using RoutingDriver = std::function<void(const RoutingChoice&)>;

enum class LogitRows { last, all };

// One conversation's state: the keys and values of the positions read so far, in the model.
// Owns its threads' buffers; one caller at a time. Same inputs give the same bits at every thread
// count.
class Model {
 public:
    // `pool` must outlive the model.
    static io::Result<std::unique_ptr<Model>> load(io::ModelFiles files,
                                                   const ModelSettings& settings,
                                                   kernels::ThreadPool& pool,
                                                   const LoadHooks& hooks = {});
    virtual ~Model() = default;

    virtual int vocabulary_size() const = 0;
    virtual int context() const = 0;  // positions that fit
    virtual int trained_context() const = 0;
    virtual int batch() const = 0;

    // Positions in the KV cache.
    virtual int length() const = 0;
    // Forgets all positions from `length` on (<= length()).
    virtual void truncate(int length) = 0;
    // Drops positions [keep, keep + n) and moves the later ones down, turning their keys to their
    // new positions: the documented "shift" policy.
    virtual void shift(int keep, int n) = 0;

    // Reads tokens at positions length(), length() + 1, …; any number that fits the context (it is
    // split into batches). Returns logits, (1 or n, vocabulary_size), valid until the next call;
    // LogitRows::all takes at most batch() tokens. An Error names the layer where values became
    // non-finite, an id out of range, or the position where the context is full; the positions read
    // before it stay.
    virtual io::Result<std::span<const float>> forward(std::span<const std::int32_t> tokens,
                                                       LogitRows rows) = 0;

    // From now on forward ends with an Error between two layers, and without the batch at hand,
    // once `stop` says so: a large prompt need not be read to its end. An empty token: never.
    virtual void stop_when(std::stop_token stop) = 0;

    // Called for every (layer, token) routed from now on; empty: nobody is told.
    virtual void observe_routing(RoutingObserver observer) = 0;

    // Called for every layer with experts from now on, to choose others than the router has; empty:
    // the router's choice counts. False where nobody but the router can choose: on a GPU.
    virtual bool drive_routing(RoutingDriver /*driver*/) { return false; }

    // The router scores that predictions of so many later layers are made from come with the
    // routing of every batch's last token from now on. Each costs a product; 0: none.
    virtual void score_ahead(int /*layers*/) {}

    virtual RoutingFacts routing_facts() const { return {}; }

    // Adds the time of every step to `totals` from now on; null: to nothing.
    virtual void time_ops(OpTotals* /*totals*/) {}

    // The tiers that experts live in; null when all are in memory.
    virtual cache::TieredStore* expert_tiers() { return nullptr; }
    // How good the predictions of each layer's experts were; empty where nobody predicts.
    virtual std::span<const prefetch::PredictionCounters> predictions() const { return {}; }
    // Lines worth showing once: what is slower than it could be, and why.
    virtual std::span<const std::string> notices() const { return {}; }

    virtual std::uint64_t weight_bytes() const = 0;     // in memory
    virtual std::uint64_t kv_bytes() const = 0;         // of the whole context
    virtual std::uint64_t bytes_per_token() const = 0;  // weights that one decoded token reads
};

// How good its predictions of each layer have been since `before`, which is what predictions() said
// then.
std::vector<prefetch::PredictionCounters> predictions_since(
    std::span<const prefetch::PredictionCounters> before, const Model& model);

// What the model's expert tiers have done so far; empty where all experts are in memory.
std::optional<cache::StoreStatus> tier_status(Model& model);

}  // namespace greenroom::runtime
