#include "runtime/model/routed_batch.hpp"

namespace greenroom::runtime {

void tell(const RoutingObserver& observer,
          const RoutedBatch& batch,
          const cache::ExpertStore& store,
          std::span<cache::UseOutcome> outcomes) {
    const std::size_t k = batch.k();
    for (int t = 0; t < batch.n_tokens; ++t) {
        const std::size_t at = static_cast<std::size_t>(t) * k;
        for (std::size_t slot = 0; slot < k; ++slot) {
            outcomes[slot] = store.outcome({static_cast<std::uint16_t>(batch.layer),
                                            static_cast<std::uint16_t>(batch.experts[at + slot])});
        }
        observer({.layer = batch.layer,
                  .position = batch.first_position + t,
                  .token = t,
                  .n_tokens = batch.n_tokens,
                  .experts = batch.experts.subspan(at, k),
                  .weights = batch.weights.subspan(at, k),
                  .outcomes = outcomes.first(k)});
    }
}

void plan_ahead(Prefetcher& prefetcher, const RoutedBatch& batch, const float* last_hidden) {
    const std::size_t k = batch.k();
    prefetcher.on_routed({.layer = batch.layer,
                          .position = batch.first_position + batch.n_tokens - 1,
                          .n_tokens = batch.n_tokens,
                          .experts = batch.experts.last(k),
                          .weights = batch.weights.last(k),
                          .hidden = last_hidden});
}

}  // namespace greenroom::runtime
