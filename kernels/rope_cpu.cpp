#include <cmath>
#include <cstddef>

#include "kernels/rope.hpp"

namespace greenroom::kernels {
namespace {

struct Rotation {
    float cosine, sine;
};

// In double: at position 100 000 a float angle would be off by 0.004 radians.
Rotation rotation(const Rope& op, std::int64_t position, int pair) {
    const double angle = static_cast<double>(position) * double{op.inv_freq[pair]};
    return {static_cast<float>(std::cos(angle)) * op.magnitude,
            static_cast<float>(std::sin(angle)) * op.magnitude};
}

// Turns one pair of every head of a token.
void turn(const Rope& op, float* token, int pair, const Rotation& by) {
    const bool halves = op.pairing == RopePairing::halves;
    const int first = halves ? pair : 2 * pair;
    const int second = halves ? pair + op.n_rot / 2 : 2 * pair + 1;
    for (int h = 0; h < op.n_heads; ++h, token += op.head_dim) {
        const float a = token[first], b = token[second];
        token[first] = a * by.cosine - b * by.sine;
        token[second] = a * by.sine + b * by.cosine;
    }
}

}  // namespace

void run_on_cpu(const Rope& op, ThreadPool& pool) {
    const auto stride =
        static_cast<std::size_t>(op.n_heads) * static_cast<std::size_t>(op.head_dim);
    pool.parallel_for(op.n_tokens, 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) {
            float* token = op.x + static_cast<std::size_t>(t) * stride;
            for (int pair = 0; pair < op.n_rot / 2; ++pair) {
                turn(op, token, pair, rotation(op, op.first_position + t, pair));
            }
        }
    });
}

}  // namespace greenroom::kernels
