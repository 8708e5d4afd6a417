// Routing that no router chose: from a recorded trace, or with a stated locality. Knows no model
// beyond its numbers of experts.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "runtime/lab/trace.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

// What the decoded tokens of a trace chose, token by token and again from the start behind the
// last, for prompts and replies alike. A model of more layers than the trace has goes round them.
class TracedRouting {
 public:
    // An Error when the trace is of another number of experts, in all or for each token.
    static io::Result<TracedRouting> make(const Trace& trace, const RoutingFacts& model);

    // As a RoutingDriver.
    void choose(const RoutingChoice& choice);

 private:
    TracedRouting() = default;

    std::size_t k_ = 1;
    std::vector<std::vector<std::uint16_t>> experts_;  // [layer](tokens, k)
    std::vector<std::vector<float>> weights_;
    std::vector<std::size_t> next_;  // token, of each layer of the model
};

// Every expert of the token before is chosen again with probability `locality`; the others are
// drawn from the rest, all alike.
class LocalRouting {
 public:
    LocalRouting(double locality, const RoutingFacts& model, std::uint64_t seed);
    void choose(const RoutingChoice& choice);

 private:
    void choose_next(std::vector<std::int32_t>& last);

    const std::size_t n_experts_, k_;
    const double locality_;
    std::mt19937_64 random_;
    std::vector<std::vector<std::int32_t>> last_;  // [layer](k)
    std::vector<std::int32_t> chosen_;             // (k)
};

}  // namespace greenroom::runtime
