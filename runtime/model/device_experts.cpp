#include "runtime/model/device_experts.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace greenroom::runtime {
namespace {

// Tokens whose experts are read once for every row: more rows than these share what is read.
constexpr int kFewTokens = 4;

kernels::DeviceExpert pointers(const kernels::ExpertWeights& weights) {
    return {.gate = weights.gate.data, .up = weights.up.data, .down = weights.down.data};
}

}  // namespace

DeviceExperts::DeviceExperts(const Hyperparameters& h,
                             Settings settings,
                             cache::ExpertStore& store,
                             kernels::Stream& stream,
                             DeviceMemory& memory)
    : h_(h),
      settings_(std::move(settings)),
      ff_(static_cast<std::size_t>(std::max(h.expert_ff, h.dense_ff))),
      store_(store),
      stream_(stream),
      gathered_(memory, settings_.batch, h.embed),
      hidden_(memory,
              std::max(settings_.batch, kFewTokens * std::max(h.experts_used, 1)),
              static_cast<std::int64_t>(ff_)) {
    const auto rows = static_cast<std::size_t>(settings_.batch);
    const auto k = static_cast<std::size_t>(std::max(h.experts_used, 1));
    const auto embed = static_cast<std::size_t>(h.embed);
    const auto n_experts = static_cast<std::size_t>(h.experts);
    for (int l = 0; l < h.layers && h.experts > 0; ++l) {
        tables_.push_back({memory.share<kernels::DeviceExpert>(n_experts),
                           memory.share<kernels::DeviceExpert>(n_experts)});
    }
    nobody_ = memory.share<kernels::DeviceExpert>(1);
    row_of_ = memory.share<std::int32_t>(rows * k);
    token_of_ = memory.share<std::int32_t>(rows * k);
    table_ = memory.take<kernels::DeviceExpert>(n_experts);
    late_table_ = memory.take<kernels::DeviceExpert>(n_experts);
    device_row_of_ = memory.take<std::int32_t>(rows * k);
    device_token_of_ = memory.take<std::int32_t>(rows * k);
    in_order_ = memory.take<std::int32_t>(kFewTokens * k);
    gathered_values_ = memory.take<float>(rows * embed);
    gate_ = memory.take<float>(std::max(rows, kFewTokens * k) * ff_);
    up_ = memory.take<float>(rows * ff_);
    partials_ = memory.take<float>(rows * k * embed);
    leases_.reserve(n_experts);
    if (settings_.cpu != nullptr) cpu_.emplace(h, settings_.batch, *settings_.cpu, memory);
    if (!memory.is_complete()) return;
    nobody_[0] = {};
    stream.clear(reinterpret_cast<std::byte*>(late_table_),
                 n_experts * sizeof(kernels::DeviceExpert));
    std::vector<std::int32_t> in_order(kFewTokens * k);
    std::iota(in_order.begin(), in_order.end(), 0);
    stream.copy({in_order_,
                 in_order.data(),
                 in_order.size() * sizeof(std::int32_t),
                 kernels::CopyDirection::to_device});
    stream.synchronize();
}

io::Result<void> DeviceExperts::run(const Call& call) {
    const bool are_alike = settings_.are_alike[static_cast<std::size_t>(call.layer)];
    return call.n_tokens <= kFewTokens && are_alike ? run_few(call) : run_grouped(call);
}

io::Result<void> DeviceExperts::run_few(const Call& call) {
    const auto at_hand = call.stages.device.first(call.stages.n_at_hand);
    const Tables& tables = tables_[static_cast<std::size_t>(call.layer)];
    std::ranges::fill(tables.at_hand, kernels::DeviceExpert{});
    for (const io::ExpertKey key : at_hand) {
        auto lease = store_.acquire(key);
        if (!lease) return lease.error();
        tables.at_hand[key.expert] = pointers(lease->weights());
        leases_.push_back(*std::move(lease));
    }
    if (!leases_.empty()) {
        stream_.copy({table_,
                      tables.at_hand.data(),
                      tables.at_hand.size_bytes(),
                      kernels::CopyDirection::to_device});
        launch_few(call, leases_.front().weights(), table_);
        leases_.clear();
    }
    if (auto ok = run_on_cpu(call, Rows::pairs); !ok) return ok.error();
    for (const io::ExpertKey key : call.stages.device.subspan(call.stages.n_at_hand)) {
        if (auto ok = run_late(call, key); !ok) return ok.error();
    }
    combine(call, in_order_);
    return {};
}

io::Result<void> DeviceExperts::run_late(const Call& call, io::ExpertKey key) {
    auto lease = store_.acquire(key);
    if (!lease) return lease.error();
    kernels::DeviceExpert& entry = tables_[static_cast<std::size_t>(call.layer)].late[key.expert];
    entry = pointers(lease->weights());
    const auto set = [&](const kernels::DeviceExpert& value) {
        stream_.copy(
            {late_table_ + key.expert, &value, sizeof value, kernels::CopyDirection::to_device});
    };
    set(entry);
    launch_few(call, lease->weights(), late_table_);
    set(nobody_[0]);
    return {};
}

void DeviceExperts::launch_few(const Call& call,
                               const kernels::ExpertWeights& shape,
                               const kernels::DeviceExpert* table) {
    const int k = h_.experts_used, n_rows = call.n_tokens * k;
    const auto shape_of = [](kernels::Matrix matrix) {
        matrix.data = nullptr;
        return matrix;
    };
    launch(kernels::ExpertGateUp{.experts = table,
                                 .gate = shape_of(shape.gate),
                                 .up = shape_of(shape.up),
                                 .x = call.input.rows_for(shape.gate.type, stream_),
                                 .expert_of = call.experts,
                                 .rows_per_token = k,
                                 .hidden = gate_,
                                 .n_rows = n_rows},
           stream_);
    hidden_.assign(gate_, n_rows, static_cast<int>(shape.down.cols));
    launch(kernels::ExpertDown{.experts = table,
                               .down = shape_of(shape.down),
                               .hidden = hidden_.rows_for(shape.down.type, stream_),
                               .expert_of = call.experts,
                               .y = partials_,
                               .n_rows = n_rows},
           stream_);
}

io::Result<void> DeviceExperts::run_grouped(const Call& call) {
    const auto pairs = static_cast<std::size_t>(call.n_tokens * h_.experts_used);
    const auto send = [&](std::span<const std::int32_t> from,
                          std::span<std::int32_t> through,
                          std::int32_t* to) {
        std::ranges::copy(from.first(pairs), through.begin());
        stream_.copy(
            {to, through.data(), pairs * sizeof(std::int32_t), kernels::CopyDirection::to_device});
    };
    send(call.groups.row_of(), row_of_, device_row_of_);
    send(call.groups.token_of(), token_of_, device_token_of_);
    const auto n_at_hand = call.stages.n_at_hand;
    for (const io::ExpertKey key : call.stages.device.first(n_at_hand)) {
        if (auto ok = run_expert(call, key); !ok) return ok.error();
    }
    if (auto ok = run_on_cpu(call, Rows::groups); !ok) return ok.error();
    for (const io::ExpertKey key : call.stages.device.subspan(n_at_hand)) {
        if (auto ok = run_expert(call, key); !ok) return ok.error();
    }
    combine(call, device_row_of_);
    return {};
}

io::Result<void> DeviceExperts::run_expert(const Call& call, io::ExpertKey key) {
    auto lease = store_.acquire(key);
    if (!lease) return lease.error();
    const int first = call.groups.first_row(key.expert), n = call.groups.n_rows(key.expert);
    const kernels::Matrix rows{reinterpret_cast<const std::byte*>(call.x),
                               kernels::BlockType::f32,
                               call.n_tokens,
                               h_.embed};
    launch(kernels::EmbedRows{rows, device_token_of_ + first, gathered_values_, n}, stream_);
    gathered_.assign(gathered_values_, n, h_.embed);
    apply(lease->weights(), gathered_, partials_ + std::int64_t{first} * h_.embed);
    return {};
}

io::Result<void> DeviceExperts::run_on_cpu(const Call& call, Rows rows) {
    for (const io::ExpertKey key : call.stages.cpu) {
        auto lease = store_.acquire(key);
        if (!lease) return lease.error();
        const std::span<const float> y = cpu_->run(lease->weights(), call.groups, key.expert);
        send_rows(call, y, key.expert, rows);
    }
    return {};
}

void DeviceExperts::send_rows(const Call& call, std::span<const float> y, int expert, Rows rows) {
    const auto embed = static_cast<std::size_t>(h_.embed);
    const auto first = static_cast<std::size_t>(call.groups.first_row(expert));
    const auto send = [&](std::span<const float> from, std::size_t row) {
        stream_.copy({partials_ + row * embed,
                      from.data(),
                      from.size_bytes(),
                      kernels::CopyDirection::to_device});
    };
    if (rows == Rows::groups) return send(y, first);
    const auto pairs = static_cast<std::size_t>(call.n_tokens * h_.experts_used);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        const auto row = static_cast<std::size_t>(call.groups.row_of()[pair]);
        if (row < first || row >= first + y.size() / embed) continue;
        send(y.subspan((row - first) * embed, embed), pair);
    }
}

void DeviceExperts::apply(const kernels::ExpertWeights& weights,
                          DeviceActivations& x,
                          float* y,
                          Result result) {
    const int n = x.n_rows();
    const auto& [gate, up, down] = weights;
    launch(kernels::DeviceMatMul{gate, x.rows_for(gate.type, stream_), gate_, n}, stream_);
    launch(kernels::DeviceMatMul{up, x.rows_for(up.type, stream_), up_, n}, stream_);
    launch(kernels::SiluMul{gate_, up_, gate_, n * gate.rows}, stream_);
    hidden_.assign(gate_, n, static_cast<int>(down.cols));
    launch(
        kernels::DeviceMatMul{
            down, hidden_.rows_for(down.type, stream_), y, n, result == Result::adds},
        stream_);
}

void DeviceExperts::combine(const Call& call, const std::int32_t* rows) {
    launch(kernels::Combine{.partials = partials_,
                            .rows = rows,
                            .weights = call.weights,
                            .out = call.out,
                            .n_tokens = call.n_tokens,
                            .k = h_.experts_used,
                            .cols = h_.embed},
           stream_);
}

}  // namespace greenroom::runtime
