#include "kernels/cpu/rounded.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/round_row.hpp"

namespace greenroom::kernels {
namespace {

std::int32_t sum_of(const std::int8_t* q, int n) {
    std::int32_t sum = 0;
    for (int c = 0; c < n; ++c) sum += q[c];
    return sum;
}

std::int32_t pair(std::int32_t low, std::int32_t high) {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xffff) |
                                     static_cast<std::uint32_t>(high) << 16);
}

// One token's words of a run; word w goes to out[w * n_tokens].
struct RunOfToken {
    const std::int8_t* q;
    int cols;
    const float* scales;
    std::int32_t* out;
    int n_tokens;  // room in the tile

    void put(int word, std::int32_t value) const { out[word * n_tokens] = value; }
    void put(int word, float value) const {
        std::int32_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        put(word, bits);
    }

    void put_values() const {
        for (int w = 0; w < cols / 4; ++w) {
            std::int32_t four;
            std::memcpy(&four, q + 4 * w, sizeof four);
            put(w, four);
        }
    }
    void put_by_32() const {
        for (int b = 0; b < cols / 32; ++b) {
            const std::int32_t first = -sum_of(q + 32 * b, 16),
                               second = -sum_of(q + 32 * b + 16, 16);
            put(WordsBy32::scale + b, scales[b]);
            put(WordsBy32::less + b, first + second);
            put(WordsBy32::less_16 + 2 * b, first);
            put(WordsBy32::less_16 + 2 * b + 1, second);
        }
    }
    void put_by_256() const {
        std::int32_t by_16[16], by_32[8];
        for (int g = 0; g < 16; ++g) by_16[g] = sum_of(q + 16 * g, 16);
        for (int g = 0; g < 8; ++g) by_32[g] = by_16[2 * g] + by_16[2 * g + 1];
        put(WordsBy256::scale, scales[0]);
        std::int32_t sum = 0;
        for (const std::int32_t group : by_32) sum += group;
        put(WordsBy256::less, -sum);
        for (int i = 0; i < 4; ++i) {
            const int g = i / 2 * 4 + i % 2;
            put(WordsBy256::by_32 + i, pair(by_32[g], by_32[g + 2]));
        }
        for (int i = 0; i < 8; ++i) {
            const int g = i / 2 * 4 + i % 2;
            put(WordsBy256::by_16 + i, pair(by_16[g], by_16[g + 2]));
        }
    }
};

}  // namespace

void round_row(const RoundRow& op, CpuPath path) {
    switch (path) {
#if defined(__x86_64__)
        case CpuPath::avx2:
        case CpuPath::avx_vnni:
            return avx2_round_row(op);
        case CpuPath::avx512:
        case CpuPath::amx:
            return avx512_round_row(op);
#endif
        default:
            return round_row_here(op);
    }
}

void fill_tile(const Activations::Rounded& x, std::int64_t t, int size, std::int32_t* out) {
    const int n_tokens = static_cast<int>(std::min<std::int64_t>(size, x.n_tokens - t));
    for (std::int64_t run = 0; run < x.n_runs(); ++run) {
        const std::int64_t column = run * kRunColumns;
        for (int i = 0; i < n_tokens; ++i) {
            const RunOfToken part{
                .q = x.row(t + i) + column,
                .cols = static_cast<int>(std::min<std::int64_t>(kRunColumns, x.cols - column)),
                .scales = x.row_scales(t + i) + column / x.block,
                .out = out + run * kRunWords * size + i,
                .n_tokens = size};
            if (!x.wide) part.put_values();
            if (x.block == 32) {
                part.put_by_32();
            } else {
                part.put_by_256();
            }
        }
    }
}

}  // namespace greenroom::kernels
