// The experts of a layer on a device: those of a few tokens in one launch, those of a prompt one
// after the other. Knows no router; the store says what lies where.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cache/expert_store.hpp"
#include "runtime/model/device_activations.hpp"
#include "runtime/model/expert_groups.hpp"
#include "runtime/model/host_share.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceExperts {
 public:
    struct Settings {
        int batch;                    // most tokens in one call
        std::vector<bool> are_alike;  // by layer: its experts have the same types
        // Computes what the store leaves to the CPU; null: it leaves nothing.
        kernels::ThreadPool* cpu = nullptr;
    };
    // Takes its scratch from `memory`; that, the store and the stream must outlive this.
    DeviceExperts(const Hyperparameters& h,
                  Settings settings,
                  cache::ExpertStore& store,
                  kernels::Stream& stream,
                  DeviceMemory& memory);

    struct Call {
        int layer;
        int n_tokens;
        const float* x;               // (n_tokens, embed), in device memory
        DeviceActivations& input;     // the same
        const std::int32_t* experts;  // (n_tokens, k), in device memory
        const float* weights;         // (n_tokens, k), in device memory
        const ExpertGroups& groups;   // of the same
        const cache::Stages& stages;  // of the same, announced
        float* out;                   // (n_tokens, embed) +=
    };
    io::Result<void> run(const Call& call);
    // Where the CPU's share wants the rows of x, (batch, embed); empty: nowhere.
    std::span<float> host_x() { return cpu_ ? cpu_->x() : std::span<float>(); }

    enum class Result { replaces, adds };
    // y (n, embed) = or += the block with these weights, in device memory, on the rows of x
    // (n, embed).
    void apply(const kernels::ExpertWeights& weights,
               DeviceActivations& x,
               float* y,
               Result result = Result::replaces);

 private:
    // Tables of a layer that the device copies, each written once a token at most.
    struct Tables {
        std::span<kernels::DeviceExpert> at_hand, late;  // (experts)
    };

    // Those at hand in one launch, the others in one each as they arrive.
    io::Result<void> run_few(const Call& call);
    io::Result<void> run_late(const Call& call, io::ExpertKey key);
    // The rows of experts that are in `table`; `shape` is any of theirs.
    void launch_few(const Call& call,
                    const kernels::ExpertWeights& shape,
                    const kernels::DeviceExpert* table);
    // One expert after the other, each on all of its rows.
    io::Result<void> run_grouped(const Call& call);
    io::Result<void> run_expert(const Call& call, io::ExpertKey key);
    // Those that the CPU computes. Their rows go to where partials of pairs (few) or groups are.
    enum class Rows { pairs, groups };
    io::Result<void> run_on_cpu(const Call& call, Rows rows);
    void send_rows(const Call& call, std::span<const float> y, int expert, Rows rows);
    void combine(const Call& call, const std::int32_t* rows);

    const Hyperparameters h_;
    const Settings settings_;
    const std::size_t ff_;
    cache::ExpertStore& store_;
    kernels::Stream& stream_;
    std::vector<cache::ExpertLease> leases_;

    std::vector<Tables> tables_;                 // by layer
    std::span<kernels::DeviceExpert> nobody_;    // (1)
    std::span<std::int32_t> row_of_, token_of_;  // (batch, k)

    std::optional<HostShare> cpu_;
    DeviceActivations gathered_, hidden_;
    kernels::DeviceExpert* table_;       // (experts)
    kernels::DeviceExpert* late_table_;  // (experts), nulls but for one
    std::int32_t* device_row_of_;        // (batch, k)
    std::int32_t* device_token_of_;      // (batch, k)
    std::int32_t* in_order_;             // (few, k): 0, 1, 2, …
    float* gathered_values_;             // (batch, embed)
    float* gate_;                        // (batch or few * k, ff)
    float* up_;                          // (batch, ff)
    float* partials_;                    // (batch * k, embed)
};

}  // namespace greenroom::runtime
