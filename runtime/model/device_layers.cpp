#include "runtime/model/device_layers.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

// Rows of logits that the device has at a time.
constexpr int kLogitRows = 16;

std::size_t half_bytes(const Hyperparameters& h, const DeviceLayers::Settings& settings) {
    return static_cast<std::size_t>(settings.capacity) *
           kernels::kv_row_bytes(settings.kv_type, std::int64_t{h.kv_heads} * h.head_dim);
}

}  // namespace

DeviceLayers::DeviceLayers(const Inputs& inputs,
                           const Settings& settings,
                           cache::ExpertStore& store,
                           DeviceMemory::Purpose purpose)
    : h_(inputs.h),
      stream_(inputs.stream),
      memory_(inputs.stream, purpose),
      weights_(copy_weights(inputs.weights, inputs.inv_freq, memory_)),
      kv_type_(settings.kv_type),
      kv_half_bytes_(half_bytes(h_, settings)),
      attention_(h_,
                 {.pairing = settings.pairing,
                  .inv_freq = weights_.inv_freq,
                  .batch = settings.batch,
                  .capacity = settings.capacity},
                 memory_),
      feed_forward_(
          h_,
          {.rule = settings.rule, .experts = {settings.batch, settings.are_alike, settings.cpu}},
          store,
          stream_,
          memory_),
      output_(memory_, settings.batch, h_.embed) {
    const auto batch = static_cast<std::size_t>(settings.batch);
    const std::size_t rows = batch * static_cast<std::size_t>(h_.embed);
    keys_and_values_ =
        memory_.take<std::byte>(2 * static_cast<std::size_t>(h_.layers) * kv_half_bytes_);
    host_ids_ = memory_.share<std::int32_t>(batch);
    ids_ = memory_.take<std::int32_t>(batch);
    hidden_ = memory_.take<float>(rows);
    normed_ = memory_.take<float>(rows);
    logits_ = memory_.take<float>(kLogitRows * static_cast<std::size_t>(h_.vocabulary));
}

io::Result<std::unique_ptr<DeviceLayers>> DeviceLayers::make(const Inputs& inputs,
                                                             const Settings& settings,
                                                             cache::ExpertStore& store) {
    auto out = std::unique_ptr<DeviceLayers>(
        new DeviceLayers(inputs, settings, store, DeviceMemory::Purpose::use));
    kernels::Device& device = inputs.stream.device();
    inputs.stream.synchronize();
    if (auto ok = check_device(device); !ok) return ok.error();
    if (out->memory_.is_complete()) return out;
    return io::Error{
        fmt::format("{} has no room for the model's dense weights, keys and values: they take {} "
                    "bytes, {} are free",
                    device.facts().name,
                    out->bytes(),
                    device.memory().free + out->bytes())};
}

std::uint64_t DeviceLayers::need(const Inputs& inputs, const Settings& settings) {
    cache::ResidentExperts nobody({});
    return DeviceLayers(inputs, settings, nobody, DeviceMemory::Purpose::count).bytes();
}

io::Result<void> DeviceLayers::step(std::span<const std::int32_t> tokens,
                                    int first,
                                    const std::stop_token& stop) {
    const int n = static_cast<int>(tokens.size());
    std::ranges::copy(tokens, host_ids_.begin());
    stream_.copy({ids_, host_ids_.data(), tokens.size_bytes(), kernels::CopyDirection::to_device});
    launch(kernels::EmbedRows{weights_.embedding, ids_, hidden_, n}, stream_);
    for (int l = 0; l < h_.layers; ++l) {
        if (stop.stop_requested()) return io::Error{"stopped"};
        const DeviceLayerWeights& w = weights_.layers[static_cast<std::size_t>(l)];
        norm(w.attention_norm, 0, n);
        attention_.run({.weights = w,
                        .cache = cache(l),
                        .first_position = first,
                        .n_tokens = n,
                        .x = normed_,
                        .out = hidden_},
                       stream_);
        norm(w.ffn_norm, 0, n);
        auto fed = feed_forward_.run({.layer = l,
                                      .first_position = first,
                                      .n_tokens = n,
                                      .weights = w,
                                      .x = normed_,
                                      .out = hidden_});
        if (!fed) return fed.error();
    }
    stream_.synchronize();
    return check_device(stream_.device());
}

io::Result<void> DeviceLayers::logits(int first, int n, std::span<float> out) {
    const auto vocabulary = static_cast<std::size_t>(h_.vocabulary);
    norm(weights_.output_norm, first, n);
    for (int row = 0; row < n; row += kLogitRows) {
        const int count = std::min(kLogitRows, n - row);
        output_.assign(normed_ + std::int64_t{row} * h_.embed, count, h_.embed);
        launch(kernels::DeviceMatMul{.w = weights_.output,
                                     .x = output_.rows_for(weights_.output.type, stream_),
                                     .y = logits_,
                                     .n_tokens = count},
               stream_);
        const auto rows = out.subspan(static_cast<std::size_t>(row) * vocabulary,
                                      static_cast<std::size_t>(count) * vocabulary);
        stream_.copy({rows.data(), logits_, rows.size_bytes(), kernels::CopyDirection::to_host});
    }
    stream_.synchronize();
    return check_device(stream_.device());
}

void DeviceLayers::norm(const float* weight, int first, int n) {
    launch(kernels::RmsNorm{.x = hidden_ + std::int64_t{first} * h_.embed,
                            .w = weight,
                            .y = normed_,
                            .rows = n,
                            .cols = h_.embed,
                            .eps = h_.rms_eps},
           stream_);
}

kernels::KvLayer DeviceLayers::cache(int layer) const {
    std::byte* const keys = keys_and_values_ + static_cast<std::size_t>(layer) * 2 * kv_half_bytes_;
    return {.keys = keys,
            .values = keys + kv_half_bytes_,
            .type = kv_type_,
            .n_kv_heads = h_.kv_heads,
            .key_dim = h_.head_dim,
            .value_dim = h_.head_dim};
}

io::Result<void> DeviceLayers::read_keys_and_values(int layer, std::span<std::byte> to) {
    stream_.copy({to.data(), cache(layer).keys, to.size(), kernels::CopyDirection::to_host});
    stream_.synchronize();
    return check_device(stream_.device());
}

io::Result<void> DeviceLayers::write_keys_and_values(int layer, std::span<const std::byte> from) {
    stream_.copy({cache(layer).keys, from.data(), from.size(), kernels::CopyDirection::to_device});
    stream_.synchronize();
    return check_device(stream_.device());
}

}  // namespace greenroom::runtime
