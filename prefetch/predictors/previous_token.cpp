#include "prefetch/predictors/previous_token.hpp"

#include <algorithm>

#include "prefetch/best_guesses.hpp"

namespace greenroom::prefetch {

PreviousTokenPredictor::PreviousTokenPredictor(const RoutingShape& shape)
    : shape_(shape), layers_(shape.n_layers()) {
    for (Layer& layer : layers_) layer.last.resize(shape.n_used());
}

void PreviousTokenPredictor::on_routed(const Routed& routed) {
    if (routed.at.layer >= layers_.size()) return;
    Layer& layer = layers_[routed.at.layer];
    for (Choice& choice : std::span(layer.last).first(layer.n_last)) {
        const auto again = std::ranges::find(routed.experts, choice.expert);
        choice.came_again += again != routed.experts.end() ? 1 : 0;
    }
    layer.n_repeats += layer.n_last > 0 ? 1 : 0;
    layer.n_last = 0;
    for (const std::uint16_t expert : routed.experts) {
        if (layer.n_last == layer.last.size()) break;
        if (shape_.contains({routed.at.layer, expert})) layer.last[layer.n_last++].expert = expert;
    }
}

std::size_t PreviousTokenPredictor::guess(Moment target, std::span<Guess> out) {
    BestGuesses best(out);
    if (target.layer >= layers_.size()) return 0;
    const Layer& layer = layers_[target.layer];
    for (const Choice& choice : std::span(layer.last).first(layer.n_last)) {
        // One more of either kind: before anything is known, half.
        best.offer(
            {choice.expert,
             static_cast<float>(choice.came_again + 1) / static_cast<float>(layer.n_repeats + 2)});
    }
    return best.size();
}

}  // namespace greenroom::prefetch
