#include "kernels/cpu/rounded.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <numeric>

#include "tests/support/products.hpp"

namespace greenroom::kernels {
namespace {

float as_float(std::int32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::int32_t sum(const std::int8_t* q, int n) {
    return std::accumulate(q, q + n, 0);
}

// Two rows rounded by `block`, and their tile.
struct TwoRows {
    static constexpr int kCols = 512;
    std::vector<float> x = tests::normal_values(2 * kCols, 3);
    std::vector<std::int8_t> q = std::vector<std::int8_t>(2 * kCols);
    std::vector<float> scales;
    std::vector<std::int32_t> tile = std::vector<std::int32_t>(2 * 2 * kRunWords);
    int block;

    explicit TwoRows(int columns) : scales(2 * kCols / columns), block(columns) {
        for (int t = 0; t < 2; ++t) {
            round_row({.x = x.data() + t * kCols,
                       .n = kCols,
                       .block = block,
                       .q = q.data() + t * kCols,
                       .scales = scales.data() + t * (kCols / block)},
                      CpuPath::plain);
        }
        fill_tile(view(), 0, 2, tile.data());
    }
    Activations::Rounded view() const {
        return {.block = block,
                .n_tokens = 2,
                .cols = kCols,
                .stride = kCols,
                .q = q.data(),
                .scales = scales.data()};
    }
    std::int32_t word(int run, int word, int token) const {
        return tile[static_cast<std::size_t>((run * kRunWords + word) * 2 + token)];
    }
    const std::int8_t* at(int token, int column) const { return q.data() + token * kCols + column; }
};

TEST(RoundedTile, HoldsFourValuesInAWord) {
    const TwoRows rows(32);
    for (int t = 0; t < 2; ++t) {
        for (int w = 0; w < 64; ++w) {
            const std::int32_t word = rows.word(1, WordsBy32::q + w, t);
            EXPECT_EQ(0, std::memcmp(&word, rows.at(t, 256 + 4 * w), 4));
        }
    }
}

TEST(RoundedTile, HoldsScalesAndSumsOf32Columns) {
    const TwoRows rows(32);
    for (int t = 0; t < 2; ++t) {
        for (int b = 0; b < 8; ++b) {
            EXPECT_EQ(as_float(rows.word(1, WordsBy32::scale + b, t)),
                      rows.scales[static_cast<std::size_t>(t * 16 + 8 + b)]);
            EXPECT_EQ(rows.word(1, WordsBy32::less + b, t), -sum(rows.at(t, 256 + 32 * b), 32));
        }
    }
}

TEST(RoundedTile, HoldsSumsInPairsOfEvenAndOddGroups) {
    const TwoRows rows(256);
    for (int t = 0; t < 2; ++t) {
        EXPECT_EQ(as_float(rows.word(1, WordsBy256::scale, t)),
                  rows.scales[static_cast<std::size_t>(t * 2 + 1)]);
        EXPECT_EQ(rows.word(1, WordsBy256::less, t), -sum(rows.at(t, 256), 256));
        const auto expect_pair = [&](int word, int low_group, int columns) {
            const std::int32_t pair = rows.word(1, word, t);
            EXPECT_EQ(static_cast<std::int16_t>(pair & 0xffff),
                      sum(rows.at(t, 256 + low_group * columns), columns));
            EXPECT_EQ(static_cast<std::int16_t>(pair >> 16),
                      sum(rows.at(t, 256 + (low_group + 2) * columns), columns));
        };
        for (const int g : {0, 1, 4, 5}) expect_pair(WordsBy256::by_32 + g / 2 + g % 2, g, 32);
        for (const int g : {0, 1, 4, 5, 8, 9, 12, 13}) {
            expect_pair(WordsBy256::by_16 + g / 2 + g % 2, g, 16);
        }
    }
}

TEST(RoundedTile, SizesCoverAnyNumberOfTokens) {
    for (std::int64_t n = 1; n < 60; ++n) {
        std::int64_t left = n;
        while (left > 0) left -= tile_size(left);
        EXPECT_EQ(left, 0);
    }
}

}  // namespace
}  // namespace greenroom::kernels
