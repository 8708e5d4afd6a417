#include "runtime/model/decoder.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "kernels/all_finite.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"
#include "kernels/rms_norm.hpp"

namespace greenroom::runtime {

io::Result<void> Decoder::step(std::span<const std::int32_t> tokens, int n_rows) {
    step_tokens_ = tokens;
    auto ok =
        gpu_ != nullptr ? gpu_->step(tokens, cache_.length(), stop_) : run_layers(tokens, n_rows);
    if (!ok) return ok.error();
    cache_.set_length(cache_.length() + static_cast<int>(tokens.size()));
    return {};
}

io::Result<void> Decoder::run_layers(std::span<const std::int32_t> tokens, int n_rows) {
    const int n = static_cast<int>(tokens.size());
    const int first = cache_.length();
    embed(tokens);
    for (int l = 0; l < h_.layers; ++l) {
        if (stop_.stop_requested()) return io::Error{"stopped"};
        const LayerWeights& w = weights_.layers[static_cast<std::size_t>(l)];
        norm(w.attention_norm, 0, n);
        attention_.run({.weights = w,
                        .cache = cache_.layer(l),
                        .first_position = first,
                        .n_tokens = n,
                        .x = normed_.data(),
                        .out = hidden_.data()});
        const int skipped = l + 1 < h_.layers || is_watched() ? 0 : n - n_rows;
        if (skipped == n) break;
        norm(w.ffn_norm, skipped, n - skipped);
        auto fed = feed_forward_.run({.layer = l,
                                      .first_position = first + skipped,
                                      .n_tokens = n - skipped,
                                      .router = w.router,
                                      .x = normed_.data(),
                                      .out = hidden_.data() + std::int64_t{skipped} * h_.embed});
        if (!fed) return fed.error();
        if (!kernels::all_finite(hidden_.data(), std::int64_t{n} * h_.embed, pool_)) {
            return non_finite(fmt::format("layer {}", l));
        }
    }
    return {};
}

io::Result<std::span<const float>> Decoder::forward(std::span<const std::int32_t> tokens,
                                                    LogitRows rows) {
    if (auto ok = check(tokens, rows); !ok) return ok.error();
    std::size_t n = 0;
    for (auto rest = tokens; !rest.empty(); rest = rest.subspan(n)) {
        n = std::min(rest.size(), static_cast<std::size_t>(batch_));
        const bool is_last = n == rest.size();
        const int n_rows = !is_last ? 0 : rows == LogitRows::all ? static_cast<int>(n) : 1;
        if (auto ok = step(rest.first(n), n_rows); !ok) return ok.error();
    }
    const int last = static_cast<int>(n);
    return rows == LogitRows::all ? logits(0, last) : logits(last - 1, 1);
}

io::Result<std::span<const float>> Decoder::logits(int first, int n) {
    const std::size_t size = static_cast<std::size_t>(n) * static_cast<std::size_t>(h_.vocabulary);
    if (logits_.size() < size) logits_.resize(size);
    if (gpu_ != nullptr) {
        if (auto ok = gpu_->logits(first, n, std::span(logits_).first(size)); !ok) {
            return ok.error();
        }
    } else {
        multiply_output(first, n);
    }
    if (!kernels::all_finite(logits_.data(), static_cast<std::int64_t>(size), pool_)) {
        return non_finite("the output matrix");
    }
    return std::span<const float>(logits_.data(), size);
}

void Decoder::multiply_output(int first, int n) {
    norm(weights_.output_norm, first, n);
    output_.assign(normed_.data(), n, h_.embed);
    const OpTimer timer(op_totals_, Op::output, work_of(weights_.output, n));
    kernels::run_on_cpu(kernels::MatMul{weights_.output, output_, logits_.data()}, pool_);
}

void Decoder::embed(std::span<const std::int32_t> tokens) {
    const OpTimer timer(op_totals_, Op::embed);
    const auto n = static_cast<std::int64_t>(tokens.size());
    pool_.parallel_for(n, 8, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            kernels::dequantize_row(weights_.embedding,
                                    tokens[static_cast<std::size_t>(t)],
                                    hidden_.data() + t * h_.embed);
        }
    });
}

void Decoder::norm(const std::vector<float>& weight, int first, int n) {
    const OpTimer timer(op_totals_, Op::norm);
    kernels::run_on_cpu(kernels::RmsNorm{.x = hidden_.data() + std::int64_t{first} * h_.embed,
                                         .w = weight.data(),
                                         .y = normed_.data(),
                                         .rows = n,
                                         .cols = h_.embed,
                                         .eps = h_.rms_eps},
                        pool_);
}

io::Error Decoder::non_finite(const std::string& where) const {
    return {
        fmt::format("{}: non-finite logits at {}: its weights are damaged, or its values leave "
                    "the range of the arithmetic",
                    name_,
                    where)};
}

io::Result<void> Decoder::check(std::span<const std::int32_t> tokens, LogitRows rows) const {
    if (tokens.empty()) return io::Error{"no tokens to read"};
    const auto room = static_cast<std::size_t>(context() - length());
    if (tokens.size() > room) {
        return io::Error{
            fmt::format("the context is full at position {}: {} tokens to read, room for {}",
                        context(),
                        tokens.size(),
                        room)};
    }
    if (rows == LogitRows::all && tokens.size() > static_cast<std::size_t>(batch_)) {
        return io::Error{
            fmt::format("logits of {} positions at once, at most {}", tokens.size(), batch_)};
    }
    for (const std::int32_t id : tokens) {
        if (id >= 0 && id < h_.vocabulary) continue;
        return io::Error{
            fmt::format("token id {}: the vocabulary has ids 0 to {}", id, h_.vocabulary - 1)};
    }
    return {};
}

void Decoder::truncate(int length) {
    kernels::require(length >= 0 && length <= cache_.length(), "truncate: no such length");
    cache_.set_length(length);
}

// A fault of the GPU meanwhile is the answer of the next forward.
template <class Move>
void Decoder::for_gpu_layers(Move move) {
    for (int l = 0; gpu_ != nullptr && l < h_.layers; ++l) {
        (void)move(l, std::span(cache_.layer(l).keys, gpu_->layer_bytes()));
    }
}

void Decoder::shift(int keep, int n) {
    kernels::require(keep >= 0 && n >= 0 && n <= cache_.length() - keep,
                     "shift: no such positions");
    // A GPU's keys and values are turned here too. It happens once in a full context.
    for_gpu_layers(
        [&](int l, std::span<std::byte> memory) { return gpu_->read_keys_and_values(l, memory); });
    cache_.shift(keep, n, attention_.rope(nullptr, h_.kv_heads, 0, 0), pool_);
    for_gpu_layers(
        [&](int l, std::span<std::byte> memory) { return gpu_->write_keys_and_values(l, memory); });
}

void Decoder::observe_routing(RoutingObserver observer) {
    is_observed_ = static_cast<bool>(observer);
    RoutingObserver with_ids;
    if (observer) {
        with_ids = [this, tell = std::move(observer)](RoutingRow row) {
            row.token_id = step_tokens_[static_cast<std::size_t>(row.token)];
            if (layers_ahead_ > 0 && row.token == row.n_tokens - 1) row.ahead = scores_ahead(row);
            tell(row);
        };
    }
    if (gpu_ != nullptr) return gpu_->observe_routing(std::move(with_ids));
    feed_forward_.observe_routing(std::move(with_ids));
}

bool Decoder::drive_routing(RoutingDriver driver) {
    if (gpu_ != nullptr) return false;  // routers' choices do not leave it
    feed_forward_.drive_routing(std::move(driver));
    return true;
}

void Decoder::score_ahead(int layers) {
    if (gpu_ != nullptr) return;  // the hidden state is not in host memory
    layers_ahead_ = std::min(layers, h_.layers);
    ahead_logits_.resize(static_cast<std::size_t>(layers_ahead_) *
                         static_cast<std::size_t>(h_.experts));
}

std::span<const ScoresAhead> Decoder::scores_ahead(const RoutingRow& row) {
    const auto n_experts = static_cast<std::size_t>(h_.experts);
    const auto from = static_cast<std::uint16_t>(row.layer);
    // As a predictor finds it: the layer's experts have not been added yet.
    routers_.look_at(hidden_.data() + std::int64_t{row.token} * h_.embed);
    ahead_.clear();
    for (int n = 1; n <= std::min(layers_ahead_, h_.layers - 1 - row.layer); ++n) {
        const auto out = std::span(ahead_logits_)
                             .subspan((static_cast<std::size_t>(n) - 1) * n_experts, n_experts);
        const auto layer = static_cast<std::uint16_t>(row.layer + n);
        if (routers_.scores({0, from}, {0, layer}, out)) ahead_.push_back({layer, out});
    }
    return ahead_;
}

std::span<const prefetch::PredictionCounters> Decoder::predictions() const {
    if (prefetcher_ == nullptr) return {};
    return prefetcher_->planner().counters();
}

void Decoder::time_ops(OpTotals* totals) {
    op_totals_ = totals;
    attention_.time_ops(totals);
    feed_forward_.time_ops(totals);
}

Decoder::Decoder(Parts parts, kernels::ThreadPool& pool)
    : name_(std::move(parts.name)),
      h_(parts.hyperparameters),
      batch_(parts.attention.batch),
      pool_(pool),
      weights_(std::move(parts.weights)),
      cache_(std::move(parts.cache)),
      weight_bytes_(parts.weight_bytes),
      bytes_per_token_(parts.bytes_per_token),
      routing_facts_(std::move(parts.routing_facts)),
      files_(std::move(parts.files)),
      experts_(std::move(parts.experts)),
      tiers_(parts.tiers),
      prefetcher_(std::move(parts.prefetcher)),
      gpu_(std::move(parts.gpu)),
      notices_(std::move(parts.notices)),
      attention_(h_, parts.attention, pool),
      feed_forward_(h_,
                    {.rule = parts.router,
                     .arithmetic = parts.attention.arithmetic,
                     .batch = parts.attention.batch,
                     .prefetcher = prefetcher_.get()},
                    *experts_,
                    pool),
      routers_(routers_of(weights_), {h_.embed, h_.rms_eps, parts.attention.arithmetic}, pool),
      output_(parts.attention.arithmetic) {
    const auto rows = static_cast<std::size_t>(batch_) * static_cast<std::size_t>(h_.embed);
    output_.reserve(batch_, h_.embed);
    hidden_.resize(rows);
    normed_.resize(rows);
}

}  // namespace greenroom::runtime
