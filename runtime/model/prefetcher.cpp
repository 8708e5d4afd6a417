#include "runtime/model/prefetcher.hpp"

#include <algorithm>

namespace greenroom::runtime {
std::size_t most_guesses(const PrefetchSettings& settings, int experts_used) {
    if (settings.predictor == "none") return 0;
    prefetch::PlannerSettings plan = settings.plan;
    if (plan.guesses == 0) plan.guesses = static_cast<std::size_t>(std::max(experts_used, 0));
    return plan.most_at_once();
}

io::Result<std::unique_ptr<Prefetcher>> Prefetcher::make(const prefetch::RoutingShape& shape,
                                                         const PrefetchSettings& settings,
                                                         std::unique_ptr<RouterScores> scores,
                                                         cache::GuessSink& sink) {
    prefetch::PlannerSettings plan = settings.plan;
    if (plan.guesses == 0) plan.guesses = shape.n_used();
    auto predictor = prefetch::make_predictor(settings.predictor,
                                              {.shape = shape,
                                               .look_ahead = plan.horizon(),
                                               .gates = scores.get(),
                                               .record = settings.record});
    if (!predictor) return predictor.error();
    auto made = std::unique_ptr<Prefetcher>(new Prefetcher(
        std::move(scores), prefetch::Planner(shape, plan, *std::move(predictor), sink)));
    made->experts_.reserve(shape.n_used());
    return made;
}

Prefetcher::Prefetcher(std::unique_ptr<RouterScores> scores, prefetch::Planner planner)
    : scores_(std::move(scores)), planner_(std::move(planner)) {}

void Prefetcher::on_routed(const Routed& routed) {
    experts_.clear();
    for (const std::int32_t expert : routed.experts) {
        experts_.push_back(static_cast<std::uint16_t>(expert));
    }
    const prefetch::Moment at{static_cast<std::uint32_t>(routed.position),
                              static_cast<std::uint16_t>(routed.layer)};
    scores_->look_at(routed.hidden);
    planner_.on_routed({.at = at, .experts = experts_, .weights = routed.weights});
    routed.n_tokens == 1 ? planner_.plan() : planner_.plan_behind_prompt();
}

}  // namespace greenroom::runtime
