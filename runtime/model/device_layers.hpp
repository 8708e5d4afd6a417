// The forward pass on a device, from token ids to logits: the counterpart of Decoder's steps. Knows
// the order of the steps; each step is its own part.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "runtime/model/device_attention.hpp"
#include "runtime/model/device_feed_forward.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceLayers {
 public:
    struct Settings {
        kernels::RopePairing pairing;
        kernels::RouterRule rule;
        kernels::KvType kv_type;
        int batch;                           // most tokens in one step
        int capacity;                        // positions
        std::vector<bool> are_alike;         // by layer: its experts have the same types
        kernels::ThreadPool* cpu = nullptr;  // computes what the store leaves to it
    };
    struct Inputs {
        const Hyperparameters& h;
        const Weights& weights;           // in rows
        std::span<const float> inv_freq;  // (rope_dims / 2)
        kernels::Stream& stream;          // outlives the layers
    };
    // Copies the weights and returns once they are there. The store must outlive this. An Error
    // when the device has no room, or fails.
    static io::Result<std::unique_ptr<DeviceLayers>> make(const Inputs& inputs,
                                                          const Settings& settings,
                                                          cache::ExpertStore& store);
    // Bytes of device memory that make() takes.
    static std::uint64_t need(const Inputs& inputs, const Settings& settings);

    // Takes tokens (at most `batch`) at positions `first`, … through all layers. Ends between two
    // layers once `stop` says so.
    io::Result<void> step(std::span<const std::int32_t> tokens,
                          int first,
                          const std::stop_token& stop);
    // out (n, vocabulary) = the logits of the rows [first, first + n) of the last step.
    io::Result<void> logits(int first, int n, std::span<float> out);

    // Of every routing from now on; null: nobody predicts.
    void predict_with(Prefetcher* prefetcher) { feed_forward_.predict_with(prefetcher); }
    void observe_routing(RoutingObserver observer) {
        feed_forward_.observe_routing(std::move(observer));
    }
    // The keys of a layer, then its values, on the host, where they can be turned; and back.
    std::uint64_t layer_bytes() const { return 2 * kv_half_bytes_; }
    io::Result<void> read_keys_and_values(int layer, std::span<std::byte> to);
    io::Result<void> write_keys_and_values(int layer, std::span<const std::byte> from);

    std::uint64_t bytes() const { return memory_.bytes(); }

 private:
    DeviceLayers(const Inputs& inputs,
                 const Settings& settings,
                 cache::ExpertStore& store,
                 DeviceMemory::Purpose purpose);
    void norm(const float* weight, int first, int n);
    kernels::KvLayer cache(int layer) const;

    const Hyperparameters h_;
    kernels::Stream& stream_;
    DeviceMemory memory_;
    const DeviceWeights weights_;
    const kernels::KvType kv_type_;
    const std::size_t kv_half_bytes_;  // the keys of a layer, or its values
    DeviceAttention attention_;
    DeviceFeedForward feed_forward_;
    DeviceActivations output_;
    std::byte* keys_and_values_;
    std::span<std::int32_t> host_ids_;  // (batch)
    std::int32_t* ids_;                 // (batch)
    float* hidden_;                     // (batch, embed)
    float* normed_;                     // (batch, embed)
    float* logits_;                     // (kLogitRows, vocabulary)
};

}  // namespace greenroom::runtime
