#include "runtime/model/feed_forward.hpp"

#include <algorithm>

#include "kernels/combine.hpp"
#include "kernels/mat_mul.hpp"

namespace greenroom::runtime {

FeedForward::FeedForward(const Hyperparameters& h,
                         const Settings& settings,
                         cache::ExpertStore& store,
                         kernels::ThreadPool& pool)
    : h_(h),
      settings_(settings),
      store_(store),
      pool_(pool),
      k_(std::max(h.experts_used, 1)),
      input_(settings.arithmetic),
      gathered_(settings.arithmetic),
      groups_(std::max(h.experts, 1), k_, settings.batch) {
    const auto batch = static_cast<std::size_t>(settings.batch);
    const auto embed = static_cast<std::size_t>(h.embed);
    ff_ = static_cast<std::size_t>(std::max(h.expert_ff, h.dense_ff));
    const auto k = static_cast<std::size_t>(k_);
    const auto n_experts = static_cast<std::size_t>(std::max(h.experts, 1));
    input_.reserve(settings.batch, h.embed);
    gathered_.reserve(settings.batch, h.embed);
    for (std::size_t slot = 0; slot < k; ++slot) {
        hidden_.emplace_back(settings.arithmetic);
        hidden_[slot].reserve(slot == 0 ? settings.batch : 1, static_cast<std::int64_t>(ff_));
    }
    router_logits_.resize(batch * n_experts);
    experts_.resize(batch * k);
    weights_.resize(batch * k);
    outcomes_.resize(k);
    gathered_rows_.resize(batch * embed);
    gate_.resize(std::max(batch, k) * ff_);
    up_.resize(std::max(batch, k) * ff_);
    partials_.resize(batch * k * embed);
    leases_.reserve(k);
    ffns_.reserve(k);
}

io::Result<void> FeedForward::run(const Call& call) {
    input_.assign(call.x, call.n_tokens, h_.embed);
    route(call);
    const RoutedBatch routed = routed_batch(call);
    groups_.sort(call.layer, routed.experts);
    const auto stages = store_.announce(groups_.keys());
    if (!stages) return stages.error();
    if (call.router.rows != 0) pass_on(routed, call);  // behind those loads, never ahead of them
    if (auto ok = run_stages(call, *stages); !ok) return ok.error();
    const OpTimer timer(op_totals_, Op::combine);
    kernels::run_on_cpu(kernels::Combine{.partials = partials_.data(),
                                         .rows = groups_.row_of().data(),
                                         .weights = weights_.data(),
                                         .out = call.out,
                                         .n_tokens = call.n_tokens,
                                         .k = k_,
                                         .cols = h_.embed},
                        pool_);
    return {};
}

void FeedForward::route(const Call& call) {
    if (call.router.rows == 0) {  // dense: every token to the one block, with weight 1
        std::fill_n(experts_.begin(), call.n_tokens, 0);
        std::fill_n(weights_.begin(), call.n_tokens, 1.0F);
        return;
    }
    const OpTimer timer(op_totals_, Op::router, work_of(call.router, call.n_tokens));
    kernels::run_on_cpu(kernels::MatMul{call.router, input_, router_logits_.data()}, pool_);
    kernels::run_on_cpu(kernels::RouteTopK{.logits = router_logits_.data(),
                                           .experts = experts_.data(),
                                           .weights = weights_.data(),
                                           .n_tokens = call.n_tokens,
                                           .n_experts = h_.experts,
                                           .k = k_,
                                           .rule = settings_.rule});
    if (!driver_) return;
    const auto n = static_cast<std::size_t>(call.n_tokens) * static_cast<std::size_t>(k_);
    driver_({.layer = call.layer,
             .experts = std::span(experts_).first(n),
             .weights = std::span(weights_).first(n)});
}

RoutedBatch FeedForward::routed_batch(const Call& call) const {
    const auto n = static_cast<std::size_t>(call.n_tokens * k_);
    return {.layer = call.layer,
            .first_position = call.first_position,
            .n_tokens = call.n_tokens,
            .experts = std::span(experts_).first(n),
            .weights = std::span(weights_).first(n)};
}

void FeedForward::pass_on(const RoutedBatch& routed, const Call& call) {
    if (observer_) tell(observer_, routed, store_, outcomes_);
    if (settings_.prefetcher == nullptr) return;
    plan_ahead(
        *settings_.prefetcher, routed, call.out + std::int64_t{call.n_tokens - 1} * h_.embed);
}

kernels::Activations& FeedForward::gather(const Call& call, int expert) {
    if (call.n_tokens == 1) return input_;
    const auto embed = static_cast<std::size_t>(h_.embed);
    const int begin = groups_.first_row(expert), end = groups_.first_row(expert + 1);
    for (int row = begin; row < end; ++row) {
        const float* from =
            call.x +
            static_cast<std::size_t>(groups_.token_of()[static_cast<std::size_t>(row)]) * embed;
        std::copy_n(
            from, embed, gathered_rows_.data() + static_cast<std::size_t>(row - begin) * embed);
    }
    gathered_.assign(gathered_rows_.data(), end - begin, h_.embed);
    return gathered_;
}

// A device is emulated by the cores that are the CPU's too, so the stages take turns, and what is
// still on its way to the device comes last.
io::Result<void> FeedForward::run_stages(const Call& call, const cache::Stages& stages) {
    if (stages.are_resident && call.n_tokens == 1) return run_together(call, stages.cpu);
    for (const auto stage : {stages.device.first(stages.n_at_hand),
                             stages.cpu,
                             stages.device.subspan(stages.n_at_hand)}) {
        for (const io::ExpertKey key : stage) {
            if (auto ok = run_expert(call, key.expert); !ok) return ok.error();
        }
    }
    return {};
}

io::Result<void> FeedForward::run_together(const Call& call, std::span<const io::ExpertKey> keys) {
    leases_.clear();
    ffns_.clear();
    for (const io::ExpertKey key : keys) {
        auto lease = store_.acquire(key);
        if (!lease) return lease.error();
        ffns_.push_back(ffn(call, lease->weights(), key.expert, ffns_.size()));
        leases_.push_back(*std::move(lease));
    }
    compute(ffns_);
    leases_.clear();
    return {};
}

io::Result<void> FeedForward::run_expert(const Call& call, int expert) {
    const auto key =
        io::ExpertKey{static_cast<std::uint16_t>(call.layer), static_cast<std::uint16_t>(expert)};
    auto lease = store_.acquire(key);
    if (!lease) return lease.error();
    const kernels::ExpertFfn op = ffn(call, lease->weights(), expert, 0);
    compute({&op, 1});
    return {};
}

void FeedForward::compute(std::span<const kernels::ExpertFfn> ops) {
    OpWork work;
    for (const kernels::ExpertFfn& op : ops) {
        for (const kernels::Matrix* w : {&op.weights.gate, &op.weights.up, &op.weights.down}) {
            work += work_of(*w, op.x.n_tokens());
        }
    }
    const OpTimer timer(op_totals_, Op::experts, work);
    kernels::run_on_cpu(ops, pool_);
}

kernels::ExpertFfn FeedForward::ffn(const Call& call,
                                    const kernels::ExpertWeights& weights,
                                    int expert,
                                    std::size_t slot) {
    const auto first = static_cast<std::size_t>(groups_.first_row(expert));
    return {.weights = weights,
            .x = gather(call, expert),
            .hidden = hidden_[slot],
            .gate = gate_.data() + slot * ff_,
            .up = up_.data() + slot * ff_,
            .y = partials_.data() + first * static_cast<std::size_t>(h_.embed)};
}

}  // namespace greenroom::runtime
