#include "kernels/device/vocabulary.cuh"
#include "kernels/require.hpp"
#include "kernels/rope.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;
constexpr int kHeads = 8;  // of a block

struct Rotation {
    float cosine, sine;
};

// A block turns a few heads of one token. Its rotations are computed once, into shared memory.
struct RopeBody {
    Rope op;

    // The angle in double, as far as whole turns are taken off: at position 100 000 a float would
    // be off by 0.004 radians. What is left is within half a turn and goes through float.
    GREENROOM_DEVICE Rotation rotation(int position, int pair) const {
        constexpr double kTurn = 6.283185307179586;
        const double turns = position * double{op.inv_freq[pair]} / kTurn;
        const auto angle = static_cast<float>((turns - rint(turns)) * kTurn);
        return {cosf(angle) * op.magnitude, sinf(angle) * op.magnitude};
    }

    GREENROOM_DEVICE void turn(float* head, int pair, const Rotation& by) const {
        const bool halves = op.pairing == RopePairing::halves;
        float& first = head[halves ? pair : 2 * pair];
        float& second = head[halves ? pair + op.n_rot / 2 : 2 * pair + 1];
        const float a = first, b = second;
        first = a * by.cosine - b * by.sine;
        second = a * by.sine + b * by.cosine;
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        auto* const rotations = thread.shared<Rotation>();
        const int n_pairs = op.n_rot / 2;
        const auto token = static_cast<int>(thread.block_x());
        for (int i = static_cast<int>(thread.index()); i < n_pairs; i += kThreads) {
            rotations[i] = rotation(op.first_position + token, i);
        }
        thread.barrier();
        const int first_head = static_cast<int>(thread.block_y()) * kHeads;
        const int n_heads = op.n_heads - first_head < kHeads ? op.n_heads - first_head : kHeads;
        float* const heads = op.x + (std::size_t{thread.block_x()} * op.n_heads + first_head) *
                                        static_cast<std::size_t>(op.head_dim);
        for (int i = static_cast<int>(thread.index()); i < n_heads * n_pairs; i += kThreads) {
            turn(heads + i / n_pairs * op.head_dim, i % n_pairs, rotations[i % n_pairs]);
        }
    }
};

}  // namespace

void rope(const Rope& op, Stream& stream) {
    require(op.n_tokens > 0 && op.n_heads > 0, "rope: empty input");
    require(op.n_rot > 0 && op.n_rot % 2 == 0 && op.n_rot <= op.head_dim && op.n_rot <= 1024,
            "rope: no such part of a head");
    run_body("rope",
             RopeBody{op},
             {.blocks_x = static_cast<unsigned>(op.n_tokens),
              .blocks_y = static_cast<unsigned>(groups_of(op.n_heads, kHeads)),
              .threads = kThreads,
              .shared_bytes = static_cast<std::size_t>(op.n_rot / 2) * sizeof(Rotation)},
             stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
