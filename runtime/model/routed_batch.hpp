// What one layer chose for a batch of tokens, and who is told of it. Knows no weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cache/expert_store.hpp"
#include "runtime/model/model.hpp"
#include "runtime/model/prefetcher.hpp"

namespace greenroom::runtime {

struct RoutedBatch {
    int layer;
    int first_position;
    int n_tokens;
    std::span<const std::int32_t> experts;  // (n_tokens, k)
    std::span<const float> weights;         // (n_tokens, k)

    std::size_t k() const { return experts.size() / static_cast<std::size_t>(n_tokens); }
};

// Tells the observer of every token, and what its experts were found as in `store`, to which they
// have been announced. `outcomes` is scratch for k.
void tell(const RoutingObserver& observer,
          const RoutedBatch& batch,
          const cache::ExpertStore& store,
          std::span<cache::UseOutcome> outcomes);

// Lets the prefetcher send for what later layers will perhaps route to. last_hidden: (embed), the
// residual stream of the last token in front of the layer's experts.
void plan_ahead(Prefetcher& prefetcher, const RoutedBatch& batch, const float* last_hidden);

}  // namespace greenroom::runtime
