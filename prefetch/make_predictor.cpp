#include "prefetch/make_predictor.hpp"

#include <array>
#include <fmt/format.h>

#include "prefetch/predictors/frequency.hpp"
#include "prefetch/predictors/next_gate.hpp"
#include "prefetch/predictors/none.hpp"
#include "prefetch/predictors/oracle.hpp"
#include "prefetch/predictors/previous_token.hpp"
#include "prefetch/predictors/transition.hpp"

namespace greenroom::prefetch {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "none", "next_gate", "previous_token", "transition", "frequency", "oracle"};

}  // namespace

std::span<const std::string_view> predictor_names() {
    return kNames;
}

io::Result<std::unique_ptr<Predictor>> make_predictor(std::string_view name,
                                                      const PredictorInputs& inputs) {
    using Made = std::unique_ptr<Predictor>;
    const RoutingShape& shape = inputs.shape;
    if (name == "none") return Made(std::make_unique<NonePredictor>());
    if (name == "frequency") return Made(std::make_unique<FrequencyPredictor>(shape));
    if (name == "previous_token") return Made(std::make_unique<PreviousTokenPredictor>(shape));
    if (name == "transition") {
        return Made(std::make_unique<TransitionPredictor>(shape, inputs.look_ahead));
    }
    if (name == "next_gate") {
        if (inputs.gates == nullptr) {
            return io::Error{"predictor 'next_gate': there are no router scores to predict from"};
        }
        return Made(std::make_unique<NextGatePredictor>(shape, *inputs.gates));
    }
    if (name == "oracle") {
        if (inputs.record == nullptr) {
            return io::Error{"predictor 'oracle' needs a recorded routing; it is for replays"};
        }
        return Made(std::make_unique<OraclePredictor>(shape, *inputs.record));
    }
    return io::Error{
        fmt::format("predictor '{}' is not known; there are: {}", name, fmt::join(kNames, ", "))};
}

}  // namespace greenroom::prefetch
