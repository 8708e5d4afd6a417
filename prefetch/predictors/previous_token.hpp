// A layer uses what it used for the token before: a guess that needs nothing of this token, so it
// reaches as far ahead as anybody asks.
#pragma once

#include <vector>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class PreviousTokenPredictor final : public Predictor {
 public:
    explicit PreviousTokenPredictor(const RoutingShape& shape);
    void on_routed(const Routed& routed) override;
    // The confidence is how often the expert of that place in the routing order has come again.
    std::size_t guess(Moment target, std::span<Guess> out) override;

 private:
    struct Choice {
        std::uint16_t expert = 0;
        std::uint32_t came_again = 0;  // whoever was in this place
    };
    struct Layer {
        std::uint32_t n_repeats = 0;  // routings that had one before them
        std::vector<Choice> last;     // by place in the routing order
        std::size_t n_last = 0;
    };
    const RoutingShape shape_;
    std::vector<Layer> layers_;
};

}  // namespace greenroom::prefetch
