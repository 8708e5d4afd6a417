// Knows the routing from a record of it: what perfect prediction would be worth.
#pragma once

#include "prefetch/predictor.hpp"
#include "prefetch/routing_record.hpp"

namespace greenroom::prefetch {

class OraclePredictor final : public Predictor {
 public:
    // `record` must outlive this. Experts in it that `shape` does not have are passed over.
    OraclePredictor(const RoutingShape& shape, const RoutingRecord& record)
        : shape_(shape), record_(record) {}

    void on_routed(const Routed&) override {}
    std::size_t guess(Moment target, std::span<Guess> out) override {
        std::size_t n = 0;
        for (const std::uint16_t expert : record_.find(target)) {
            if (n == out.size()) break;
            if (shape_.contains({target.layer, expert})) out[n++] = {expert, 1};
        }
        return n;
    }

 private:
    const RoutingShape shape_;
    const RoutingRecord& record_;
};

}  // namespace greenroom::prefetch
