// A layer uses the experts it has used most, and as often as it has.
#pragma once

#include <vector>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class FrequencyPredictor final : public Predictor {
 public:
    explicit FrequencyPredictor(const RoutingShape& shape);
    void on_routed(const Routed& routed) override;
    std::size_t guess(Moment target, std::span<Guess> out) override;

 private:
    struct Layer {
        std::uint32_t n_routings = 0;
        std::vector<std::uint32_t> uses;  // of each expert
    };
    std::vector<Layer> layers_;
};

}  // namespace greenroom::prefetch
