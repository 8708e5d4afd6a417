#include "prefetch/planner.hpp"

#include <algorithm>

namespace greenroom::prefetch {
namespace {

bool names(std::span<const Guess> guesses, std::uint16_t expert) {
    return std::ranges::find(guesses, expert, &Guess::expert) != guesses.end();
}

}  // namespace

Planner::Planner(const RoutingShape& shape,
                 const PlannerSettings& settings,
                 std::unique_ptr<Predictor> predictor,
                 cache::GuessSink& sink)
    : shape_(shape),
      settings_(settings),
      predictor_(std::move(predictor)),
      sink_(sink),
      // A guess for a layer that has yet to route once before would go with that routing.
      plans_(std::min(settings.horizon(), shape.n_routing_layers())),
      counters_(shape.n_layers()) {
    const std::size_t most = std::min(settings.guesses, shape.most_experts());
    for (Plan& plan : plans_) plan.guesses.resize(most);
    revised_.resize(most);
}

void Planner::on_routed(const Routed& routed) {
    predictor_->on_routed(routed);
    last_ = routed.at;
    if (plans_.empty()) return;
    Plan& plan = plans_[next_];
    next_ = (next_ + 1) % plans_.size();
    if (plan.is_made && plan.target == routed.at) {
        count(plan, routed);
    } else {
        withdraw(plan, {});
    }
    plan.is_made = false;
    plan.n_guesses = 0;
}

void Planner::count(const Plan& plan, const Routed& routed) {
    PredictionCounters& counters = counters_[routed.at.layer];
    counters.guessed += plan.n_guesses;
    counters.used += routed.experts.size();
    for (const std::uint16_t expert : routed.experts) {
        counters.right += names(plan.made(), expert) ? 1 : 0;
    }
}

void Planner::plan() {
    bool top_has_room = true, host_has_room = true;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
        const auto target = shape_.after(last_, i + 1);
        if (!target) return;
        Plan& plan = plans_[(next_ + i) % plans_.size()];
        revise(plan, *target);
        if (i < settings_.look_ahead) {
            top_has_room = top_has_room && issue(plan, cache::GuessTier::top);
        } else {
            host_has_room = host_has_room && issue(plan, cache::GuessTier::host);
        }
    }
}

void Planner::plan_behind_prompt() {
    const auto next = shape_.after(last_, 1);
    if (next && next->step != last_.step) plan();
}

void Planner::revise(Plan& plan, Moment target) {
    std::size_t n = predictor_->guess(target, revised_);
    while (n > 0 && !(revised_[n - 1].confidence >= settings_.confidence)) --n;
    const std::span<const Guess> now = std::span(revised_).first(n);
    withdraw(plan, plan.target == target ? now : std::span<const Guess>());
    std::ranges::copy(now, plan.guesses.begin());
    plan.target = target;
    plan.n_guesses = n;
    plan.is_made = true;
}

void Planner::withdraw(const Plan& plan, std::span<const Guess> except) {
    for (const Guess& guess : plan.made()) {
        if (!names(except, guess.expert)) sink_.withdraw({plan.target.layer, guess.expert});
    }
}

bool Planner::issue(const Plan& plan, cache::GuessTier tier) {
    for (const Guess& guess : plan.made()) {
        const io::ExpertKey key{plan.target.layer, guess.expert};
        if (sink_.guess(key, tier) == cache::GuessAnswer::busy) return false;
    }
    return true;
}

}  // namespace greenroom::prefetch
