// Which experts follow which: counts, while it runs, what a layer chose after an earlier one chose
// each of its experts, for every distance that is planned for, over the end of a token too.
#pragma once

#include <vector>

#include "prefetch/predictor.hpp"

namespace greenroom::prefetch {

class TransitionPredictor final : public Predictor {
 public:
    // Takes 4 bytes for each distance up to `look_ahead`, layer, and pair of experts.
    TransitionPredictor(const RoutingShape& shape, std::size_t look_ahead);
    void on_routed(const Routed& routed) override;
    // The confidence is the share of cases in which the expert followed, on average over the
    // experts that the last layer chose.
    std::size_t guess(Moment target, std::span<Guess> out) override;

 private:
    // From the experts of the layer `distance` routings before to those of one layer.
    struct Table {
        std::size_t n_to = 0;
        std::vector<std::uint32_t> followed;  // (n_from, n_to)
        std::vector<std::uint32_t> n_from;    // how often each was chosen and then looked at
    };
    // What a routing was, as long as it is within reach.
    struct Past {
        Moment at;
        std::vector<std::uint16_t> experts;
    };

    Table& table(std::size_t distance, std::uint16_t layer) {
        return tables_[(distance - 1) * shape_.n_layers() + layer];
    }
    void count(const Past& past, std::size_t distance, const Routed& routed);

    const RoutingShape shape_;
    const std::size_t look_ahead_;
    std::vector<Table> tables_;       // [distance - 1][layer]
    std::vector<Past> past_;          // a ring
    std::size_t n_past_ = 0;          // since the beginning
    std::vector<float> confidences_;  // (most experts)
};

}  // namespace greenroom::prefetch
