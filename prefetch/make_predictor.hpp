// Predictors by name, as settings and the command line call them.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "io/result.hpp"
#include "prefetch/gate_scores.hpp"
#include "prefetch/predictor.hpp"
#include "prefetch/routing_record.hpp"

namespace greenroom::prefetch {

// What some predictors need besides their name. What is pointed to must outlive the predictor.
struct PredictorInputs {
    RoutingShape shape;
    std::size_t look_ahead = 1;             // most routings between the last one and a target
    GateScores* gates = nullptr;            // next_gate
    const RoutingRecord* record = nullptr;  // oracle
};

std::span<const std::string_view> predictor_names();

// An Error names the predictor asked for and those there are, or what it lacks.
io::Result<std::unique_ptr<Predictor>> make_predictor(std::string_view name,
                                                      const PredictorInputs& inputs);

}  // namespace greenroom::prefetch
