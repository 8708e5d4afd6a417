#include "kernels/best_tokens.hpp"
#include "kernels/device/rank.cuh"
#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 1024;

// One block. Each thread knows the best that is left of its own tokens, and looks through them
// again when that one is taken.
struct BestTokensBody {
    BestTokens op;

    // The best of the thread's tokens that comes behind `last`.
    GREENROOM_DEVICE Rank next_best(const Thread& thread, Rank last) const {
        Rank best = kNoRank;
        for (auto id = static_cast<int>(thread.index()); id < op.vocabulary; id += kThreads) {
            const Rank rank = rank_of(op.logits[id], id);
            if (rank < last && rank > best) best = rank;
        }
        return best;
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        Rank mine = next_best(thread, kTopRank);
        for (int i = 0; i < op.k; ++i) {
            const Rank best = block_best(thread, mine);
            if (mine != best) continue;
            op.ids[i] = id_of(best);
            op.values[i] = op.logits[id_of(best)];
            mine = next_best(thread, best);
        }
    }
};

}  // namespace

void best_tokens(const BestTokens& op, Stream& stream) {
    require(op.k > 0 && op.k <= op.vocabulary, "best_tokens: no such choice");
    run_body("best_tokens",
             BestTokensBody{op},
             {.threads = kThreads, .shared_bytes = kBlockBestBytes},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
