#include "prefetch/predictors/frequency.hpp"

#include "prefetch/best_guesses.hpp"

namespace greenroom::prefetch {

FrequencyPredictor::FrequencyPredictor(const RoutingShape& shape) : layers_(shape.n_layers()) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        layers_[l].uses.resize(shape.n_experts(static_cast<std::uint16_t>(l)));
    }
}

void FrequencyPredictor::on_routed(const Routed& routed) {
    if (routed.at.layer >= layers_.size()) return;
    Layer& layer = layers_[routed.at.layer];
    ++layer.n_routings;
    for (const std::uint16_t expert : routed.experts) {
        if (expert < layer.uses.size()) ++layer.uses[expert];
    }
}

std::size_t FrequencyPredictor::guess(Moment target, std::span<Guess> out) {
    BestGuesses best(out);
    if (target.layer >= layers_.size()) return 0;
    const Layer& layer = layers_[target.layer];
    for (std::size_t e = 0; e < layer.uses.size(); ++e) {
        if (layer.uses[e] == 0) continue;
        best.offer({static_cast<std::uint16_t>(e),
                    static_cast<float>(layer.uses[e]) / static_cast<float>(layer.n_routings)});
    }
    return best.size();
}

}  // namespace greenroom::prefetch
