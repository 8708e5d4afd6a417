#include <bit>
#include <limits>

#include "kernels/device/vocabulary.cuh"
#include "kernels/quant/on_device.hpp"
#include "kernels/require.hpp"
#include "kernels/round_rows.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {
namespace {

constexpr unsigned kThreads = 256;
constexpr int kOfLane = 8;  // columns of a lane

// All rows as one long row of blocks, each of them the work of 4 or of 32 lanes.
struct RoundRowsBody {
    RoundRows op;

    // The bits of the largest |x| of the block: a NaN above infinity above every number.
    GREENROOM_DEVICE std::int32_t most_of_block(const Thread& thread,
                                                const std::uint32_t (&x)[kOfLane]) const {
        std::int32_t most = 0;
        for (const std::uint32_t word : x) {
            const auto bits = static_cast<std::int32_t>(word & 0x7fffffff);
            most = bits > most ? bits : most;
        }
        const unsigned n_lanes = static_cast<unsigned>(op.block / kOfLane);
        for (unsigned mask = 1; mask < n_lanes; mask *= 2) {
            const std::int32_t other = thread.shuffle_xor(most, mask);
            most = other > most ? other : most;
        }
        return most;
    }

    GREENROOM_DEVICE void operator()(const Thread& thread) const {
        const std::size_t at =
            (std::size_t{thread.block_x()} * kThreads + thread.index()) * kOfLane;
        const bool is_in =
            at < static_cast<std::size_t>(op.n_rows) * static_cast<unsigned>(op.cols);
        std::uint32_t x[kOfLane] = {};
        if (is_in) load_words<16>(op.x + at, x);
        const std::int32_t bits = most_of_block(thread, x);
        if (!is_in) return;
        const float most = std::bit_cast<float>(bits);
        const bool is_number = bits < 0x7f800000, is_tiny = most < 1e-36F;
        const float inverse = is_number && !is_tiny ? 127.0F / most : 0;
        std::uint32_t q[2] = {};
        for (int i = 0; i < kOfLane && inverse != 0; ++i) {
            const auto value =
                static_cast<std::int32_t>(rintf(std::bit_cast<float>(x[i]) * inverse));
            q[i / 4] |= (static_cast<std::uint32_t>(value) & 0xff) << (i % 4 * 8);
        }
        auto* out = reinterpret_cast<std::uint32_t*>(op.q + at);
        out[0] = q[0];
        out[1] = q[1];
        if (at % static_cast<unsigned>(op.block) != 0) return;
        op.scales[at / static_cast<unsigned>(op.block)] =
            is_tiny     ? 0
            : is_number ? most / 127.0F
                        : std::numeric_limits<float>::quiet_NaN();
    }
};

}  // namespace

void round_rows(const RoundRows& op, Stream& stream) {
    require(op.n_rows > 0 && op.cols > 0, "round_rows: empty input");
    require((op.block == 32 || op.block == 256) && op.cols % op.block == 0,
            "round_rows: columns are no multiple of the block");
    const std::int64_t n = std::int64_t{op.n_rows} * op.cols;
    run_body(
        "round_rows",
        RoundRowsBody{op},
        {.blocks_x = static_cast<unsigned>(groups_of(n, kThreads * kOfLane)), .threads = kThreads},
        stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
