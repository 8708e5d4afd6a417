#include "runtime/lab/trace_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "runtime/lab/trace_file.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::size_t kMostRows = 0xffff'ffff;

TraceOutcome trace_outcome(cache::UseOutcome outcome) {
    switch (outcome) {
        case cache::UseOutcome::hit:
            return TraceOutcome::hit;
        case cache::UseOutcome::guess:
            return TraceOutcome::guess;
        case cache::UseOutcome::miss:
            return TraceOutcome::miss;
    }
    return TraceOutcome::unknown;
}

}  // namespace

TraceRecorder::TraceRecorder(const RoutingFacts& facts, std::string model_name) {
    trace_.model = std::move(model_name);
    trace_.n_layers = facts.layers;
    trace_.n_experts = facts.experts;
    trace_.experts_per_token = facts.experts_per_token;
    trace_.dense_bytes = facts.dense_bytes;
    for (int l = 0; l < facts.layers; ++l) {
        for (int e = 0; e < facts.experts; ++e) {
            const std::uint64_t* bytes = facts.slot_bytes.find(
                {static_cast<std::uint16_t>(l), static_cast<std::uint16_t>(e)});
            trace_.expert_bytes.push_back(bytes == nullptr ? 0 : *bytes);
        }
    }
}

void TraceRecorder::record(const RoutingRow& row) {
    if (trace_.experts.size() + row.experts.size() > kMostRows) return;
    if (row.token == 0) begin_event(row);
    TraceEvent& event = trace_.events.back();
    if (event.first_token + event.n_tokens == trace_.tokens.size()) {
        trace_.tokens.push_back(row.token_id);  // the step's first layer names them
    }
    ++event.n_tokens;
    event.n_rows += static_cast<std::uint32_t>(row.experts.size());
    for (std::size_t i = 0; i < row.experts.size(); ++i) {
        trace_.experts.push_back(static_cast<std::uint16_t>(row.experts[i]));
        trace_.weights.push_back(row.weights[i]);
        trace_.outcomes.push_back(trace_outcome(row.outcomes[i]));
    }
    for (const ScoresAhead& scores : row.ahead) record_ahead(scores);
}

void TraceRecorder::record_ahead(const ScoresAhead& scores) {
    const std::span<const float> logits = scores.logits;
    if (logits.empty() || trace_.guess_experts.size() + logits.size() > kMostRows) return;
    order_.resize(logits.size());
    std::iota(order_.begin(), order_.end(), std::uint16_t{0});
    std::ranges::stable_sort(order_, std::greater(), [&](std::uint16_t e) { return logits[e]; });
    const float largest = logits[order_.front()];
    float sum = 0;
    for (const float logit : logits) sum += std::exp(logit - largest);
    trace_.predictions.push_back(
        {.event = static_cast<std::uint32_t>(trace_.events.size() - 1),
         .layer = static_cast<std::uint16_t>(scores.layer),
         .first_guess = static_cast<std::uint32_t>(trace_.guess_experts.size()),
         .n_guesses = static_cast<std::uint32_t>(logits.size())});
    for (const std::uint16_t e : order_) {
        trace_.guess_experts.push_back(e);
        trace_.guess_probabilities.push_back(std::exp(logits[e] - largest) / sum);
    }
}

void TraceRecorder::begin_event(const RoutingRow& row) {
    const auto layer = static_cast<std::uint16_t>(row.layer);
    const bool begins_step = trace_.events.empty() || trace_.events.back().layer >= layer;
    if (begins_step && !trace_.events.empty()) ++step_;
    trace_.events.push_back({.step = step_,
                             .layer = layer,
                             .phase = row.n_tokens > 1 ? Phase::prefill : Phase::decode,
                             .first_row = static_cast<std::uint32_t>(trace_.experts.size()),
                             .first_token = begins_step
                                                ? static_cast<std::uint32_t>(trace_.tokens.size())
                                                : trace_.events.back().first_token});
}

TraceRecording::TraceRecording(io::Draft draft, Model& model, std::string model_name)
    : draft_(std::move(draft)),
      model_(model),
      recorder_(model.routing_facts(), std::move(model_name)) {
    model.observe_routing([this](const RoutingRow& row) { recorder_.record(row); });
}

io::Result<std::unique_ptr<TraceRecording>> TraceRecording::begin(const std::filesystem::path& path,
                                                                  Model& model,
                                                                  std::string model_name,
                                                                  int layers_ahead) {
    if (model.routing_facts().experts == 0) {
        return io::Error{"a model without experts routes nothing that could be recorded"};
    }
    auto draft = io::Draft::create(path);
    if (!draft) return draft.error();
    model.score_ahead(layers_ahead);
    return std::unique_ptr<TraceRecording>(
        new TraceRecording(std::move(*draft), model, std::move(model_name)));
}

TraceRecording::~TraceRecording() {
    model_.observe_routing({});
    model_.score_ahead(0);
}

io::Result<void> TraceRecording::finish() {
    model_.observe_routing({});
    if (trace().events.empty()) return io::Error{"no token was read, so no trace was recorded"};
    const std::string bytes = trace_bytes(trace());
    if (auto ok = draft_.append(std::as_bytes(std::span(bytes))); !ok) return ok.error();
    return draft_.publish();
}

}  // namespace greenroom::runtime
