#include "runtime/lab/timed_replay.hpp"

#include <algorithm>

#include "prefetch/make_predictor.hpp"
#include "runtime/lab/recorded_gates.hpp"

namespace greenroom::runtime {
namespace {

prefetch::RoutingShape shape_of(const Trace& trace) {
    return {std::vector<std::uint16_t>(static_cast<std::size_t>(trace.n_layers),
                                       static_cast<std::uint16_t>(trace.n_experts)),
            static_cast<std::size_t>(trace.experts_per_token)};
}

// The position of the last token of every event, counted as an engine does.
std::vector<std::uint32_t> last_positions(const Trace& trace) {
    const auto k = static_cast<std::uint32_t>(std::max(trace.experts_per_token, 1));
    std::vector<std::uint32_t> out;
    std::uint32_t end = 0;
    const TraceEvent* before = nullptr;
    for (const TraceEvent& event : trace.events) {
        const bool begins_step =
            before == nullptr || before->step != event.step || before->layer >= event.layer;
        if (begins_step) end += std::max(event.n_tokens, event.n_rows / k);
        out.push_back(std::max(end, 1u) - 1);
        before = &event;
    }
    return out;
}

// The last token of an event, which is what predictors are told of.
prefetch::Routed last_token(const Trace& trace, std::size_t i, std::uint32_t position) {
    const TraceEvent& event = trace.events[i];
    const std::uint32_t n =
        std::min(event.n_rows, static_cast<std::uint32_t>(trace.experts_per_token));
    const std::size_t first = event.first_row + event.n_rows - n;
    return {.at = {position, event.layer},
            .experts = std::span(trace.experts).subspan(first, n),
            .weights = std::span(trace.weights).subspan(first, n)};
}

// With everything that was left open.
TimedSettings settled(TimedSettings settings, const Trace& trace) {
    prefetch::PlannerSettings& plan = settings.planner;
    if (plan.guesses == 0) plan.guesses = static_cast<std::size_t>(trace.experts_per_token);
    if (!settings.guess_bytes) {
        settings.guess_bytes = plan.most_at_once() * std::ranges::max(trace.expert_bytes);
    }
    return settings;
}

VirtualTierSettings tier_settings(const ReplayInput& input, const TimedSettings& settings) {
    const HardwareProfile& hardware = settings.hardware;
    const int n_layers = input.trace().n_layers;
    VirtualTierSettings out;
    out.top = {.budget_bytes = settings.top.budget_bytes,
               .scope = settings.top.scope,
               .n_layers = n_layers,
               .overshoot = settings.top.overshoot};
    out.guess_bytes = settings.guess_bytes.value_or(0);
    out.disk = {hardware.disk_bytes_per_s, hardware.disk_latency_s};
    out.link = {hardware.link_bytes_per_s, 0};
    if (!hardware.has_device()) return out;
    const std::uint64_t host = settings.host_budget_bytes.value_or(hardware.host_memory_bytes);
    out.host = out.top;
    out.host->budget_bytes = host;
    const bool is_inclusive = settings.inclusion == cache::Inclusion::inclusive;
    out.host_is_filled = is_inclusive && host >= input.facts().experts_bytes;
    out.inclusion = settings.inclusion;
    out.miss = settings.miss;
    out.cpu_bytes_per_s = hardware.host_bytes_per_s;
    return out;
}

class TimedReplay {
 public:
    TimedReplay(const ReplayInput& input,
                const TimedSettings& settings,
                const cache::Residency::MakePolicy& make_policy)
        : input_(input),
          trace_(input.trace()),
          hardware_(settings.hardware),
          tiers_(tier_settings(input, settings), input.sizes(), make_policy),
          gates_(trace_) {}

    io::Result<void> plan_with(const TimedSettings& settings) {
        if (settings.predictor == "none") return {};
        positions_ = last_positions(trace_);
        for (std::size_t i = 0; i < positions_.size(); ++i) {
            record_.add(last_token(trace_, i, positions_[i]));
        }
        const prefetch::RoutingShape shape = shape_of(trace_);
        auto predictor =
            prefetch::make_predictor(settings.predictor,
                                     {.shape = shape,
                                      .look_ahead = settings.planner.horizon(),
                                      .gates = trace_.predictions.empty() ? nullptr : &gates_,
                                      .record = &record_});
        if (!predictor) return predictor.error();
        planner_.emplace(shape, settings.planner, std::move(*predictor), tiers_);
        return {};
    }

    TimedCounts run() {
        EventCounter counter;
        for (std::size_t i = 0; i < input_.n_events(); ++i) {
            const double begin = now_;
            const TraceEvent& event = trace_.events[i];
            is_decode_ = event.phase == Phase::decode;
            now_ += dense_s();
            tiers_.set_time(now_);
            counter.add(tiers_.use(input_.experts_of(i)), event.phase);
            plan(i);
            compute(input_.experts_of(i));
            if (is_decode_) counts_.decode_s += now_ - begin;
        }
        counts_.top = counter.counts();
        counts_.top.peak_bytes = tiers_.top().peak_bytes();
        counts_.decode_tokens = input_.facts().decode_tokens;
        counts_.disk_bytes = tiers_.disk_bytes();
        counts_.link_bytes = tiers_.link_bytes();
        counts_.guesses = tiers_.guesses();
        if (planner_) {
            counts_.predictions.assign(planner_->counters().begin(), planner_->counters().end());
        }
        return counts_;
    }

 private:
    // Of one layer, without its experts.
    double dense_s() const {
        return hardware_.layer_s + static_cast<double>(trace_.dense_bytes) / trace_.n_layers /
                                       hardware_.compute_bytes_per_s();
    }

    void plan(std::size_t event) {
        if (!planner_) return;
        gates_.set_event(event);
        planner_->on_routed(last_token(trace_, event, positions_[event]));
        is_decode_ ? planner_->plan() : planner_->plan_behind_prompt();
    }

    // Those at hand first, as the engine does; beside them the CPU, where it has a share.
    void compute(std::span<const io::ExpertKey> keys) {
        const double announced = now_;
        const std::span<const io::ExpertKey> on_cpu = tiers_.on_cpu();
        double cpu_done = announced;
        for (const io::ExpertKey key : on_cpu) {
            cpu_done = std::max(cpu_done, tiers_.in_host_at(key)) +
                       static_cast<double>(*input_.sizes().find(key)) / hardware_.host_bytes_per_s;
        }
        for (const bool at_hand : {true, false}) {
            for (const io::ExpertKey key : keys) {
                if (std::ranges::count(on_cpu, key) != 0) continue;
                if ((tiers_.arrives_at(key) <= announced) == at_hand) compute_one(key);
            }
        }
        if (is_decode_) counts_.stall_cpu_s += std::max(0.0, cpu_done - now_);
        now_ = std::max(now_, cpu_done);
    }

    void compute_one(io::ExpertKey key) {
        const double arrives = tiers_.arrives_at(key);
        if (arrives > now_) wait_for(key, arrives);
        now_ += static_cast<double>(*input_.sizes().find(key)) / hardware_.compute_bytes_per_s();
    }
    // What it waits for is the disk until the bytes are in host memory, then the link.
    void wait_for(io::ExpertKey key, double arrives) {
        const double in_host = std::clamp(tiers_.in_host_at(key), now_, arrives);
        if (is_decode_) {
            counts_.stall_disk_s += in_host - now_;
            counts_.stall_link_s += arrives - in_host;
        }
        now_ = arrives;
    }

    const ReplayInput& input_;
    const Trace& trace_;
    const HardwareProfile& hardware_;
    VirtualTiers tiers_;
    RecordedGates gates_;
    std::vector<std::uint32_t> positions_;  // of events, where somebody predicts
    prefetch::RoutingRecord record_;
    std::optional<prefetch::Planner> planner_;
    double now_ = 0;
    bool is_decode_ = false;
    TimedCounts counts_;
};

}  // namespace

prefetch::PredictionCounters TimedCounts::predicted() const {
    prefetch::PredictionCounters all;
    for (const prefetch::PredictionCounters& layer : predictions) all += layer;
    return all;
}

io::Result<TimedCounts> timed_replay(const ReplayInput& input, const TimedSettings& asked) {
    const TimedSettings settings = settled(asked, input.trace());
    const auto make = [&] {
        return cache::make_policy(settings.top.policy, input.policy_inputs());
    };
    if (auto known = make(); !known) return known.error();
    TimedReplay replay(input, settings, [&] { return std::move(*make()); });
    if (auto ok = replay.plan_with(settings); !ok) return ok.error();
    return replay.run();
}

}  // namespace greenroom::runtime
