// Small traces for tests.
#pragma once

#include "runtime/lab/trace.hpp"

namespace greenroom::tests {

// The toy trace of moe-cache-eval (event-atomic-toy-trace-v1), with one byte per expert: three
// layers, four experts, five steps that all layers route alike.
inline runtime::Trace toy_trace() {
    runtime::Trace trace;
    trace.model = "toy";
    trace.n_layers = 3;
    trace.n_experts = 4;
    trace.experts_per_token = 2;
    trace.expert_bytes.assign(12, 1);
    const std::uint16_t steps[][2] = {{0, 1}, {0, 2}, {0, 1}, {0, 3}, {0, 1}};
    for (std::uint32_t step = 0; step < 5; ++step) {
        for (std::uint16_t layer = 0; layer < 3; ++layer) {
            const auto first = static_cast<std::uint32_t>(trace.experts.size());
            trace.events.push_back({.step = step, .layer = layer, .first_row = first, .n_rows = 2});
            trace.experts.insert(trace.experts.end(), {steps[step][0], steps[step][1]});
            trace.weights.insert(trace.weights.end(), {0.75F, 0.25F});
        }
    }
    return trace;
}

// The same with everything that a trace can hold.
inline runtime::Trace full_toy_trace() {
    runtime::Trace trace = toy_trace();
    trace.dense_bytes = 100;
    trace.expert_bytes[5] = 7;
    for (std::size_t i = 0; i < trace.events.size(); ++i) {
        trace.events[i].first_token = trace.events[i].step;
        trace.events[i].n_tokens = 1;
        trace.predictions.push_back({.event = static_cast<std::uint32_t>(i),
                                     .layer = static_cast<std::uint16_t>((i + 1) % 3),
                                     .first_guess = static_cast<std::uint32_t>(2 * i),
                                     .n_guesses = 2});
        trace.guess_experts.insert(trace.guess_experts.end(), {0, 3});
        trace.guess_probabilities.insert(trace.guess_probabilities.end(), {0.5F, 0.125F});
    }
    trace.tokens = {10, 11, 12, 13, 14};
    trace.outcomes.assign(trace.experts.size(), runtime::TraceOutcome::miss);
    trace.outcomes[4] = runtime::TraceOutcome::hit;
    return trace;
}

}  // namespace greenroom::tests
