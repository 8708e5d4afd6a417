#include "prefetch/predictors/transition.hpp"

#include <algorithm>

#include "prefetch/best_guesses.hpp"

namespace greenroom::prefetch {

TransitionPredictor::TransitionPredictor(const RoutingShape& shape, std::size_t look_ahead)
    : shape_(shape),
      look_ahead_(std::max<std::size_t>(look_ahead, 1)),
      tables_(look_ahead_ * shape.n_layers()),
      past_(look_ahead_),
      confidences_(shape.most_experts()) {
    for (Past& past : past_) past.experts.reserve(shape.n_used());
    for (std::size_t l = 0; l < shape.n_layers(); ++l) {
        const auto layer = static_cast<std::uint16_t>(l);
        for (std::size_t distance = 1; distance <= look_ahead_; ++distance) {
            const auto to = shape.after({0, layer}, distance);
            if (!to) continue;
            Table& made = table(distance, to->layer);
            made.n_to = shape.n_experts(to->layer);
            made.n_from.resize(shape.n_experts(layer));
            made.followed.resize(made.n_from.size() * made.n_to);
        }
    }
}

void TransitionPredictor::on_routed(const Routed& routed) {
    const std::size_t within_reach = std::min(n_past_, look_ahead_);
    for (std::size_t back = 1; back <= within_reach; ++back) {
        const Past& past = past_[(n_past_ - back) % look_ahead_];
        if (shape_.distance(past.at, routed.at) == back) count(past, back, routed);
    }
    Past& now = past_[n_past_++ % look_ahead_];
    now.at = routed.at;
    now.experts.clear();
    for (const std::uint16_t expert : routed.experts) {
        if (shape_.contains({routed.at.layer, expert})) now.experts.push_back(expert);
    }
}

void TransitionPredictor::count(const Past& past, std::size_t distance, const Routed& routed) {
    Table& to = table(distance, routed.at.layer);
    for (const std::uint16_t from : past.experts) {
        ++to.n_from[from];
        for (const std::uint16_t expert : routed.experts) {
            if (expert < to.n_to) ++to.followed[from * to.n_to + expert];
        }
    }
}

std::size_t TransitionPredictor::guess(Moment target, std::span<Guess> out) {
    if (n_past_ == 0) return 0;
    const Past& last = past_[(n_past_ - 1) % look_ahead_];
    const auto distance = shape_.distance(last.at, target);
    if (!distance || *distance > look_ahead_) return 0;
    const Table& from = table(*distance, target.layer);
    const std::span<float> confidences = std::span(confidences_).first(from.n_to);
    std::ranges::fill(confidences, 0.0F);
    for (const std::uint16_t expert : last.experts) {
        if (from.n_from[expert] == 0) continue;
        const float share =
            1 / (static_cast<float>(from.n_from[expert]) * static_cast<float>(last.experts.size()));
        for (std::size_t e = 0; e < from.n_to; ++e) {
            confidences[e] += share * static_cast<float>(from.followed[expert * from.n_to + e]);
        }
    }
    BestGuesses best(out);
    for (std::size_t e = 0; e < from.n_to; ++e) {
        if (confidences[e] > 0) best.offer({static_cast<std::uint16_t>(e), confidences[e]});
    }
    return best.size();
}

}  // namespace greenroom::prefetch
