// Products in float, written once for every width of register. Only for sources compiled for a
// vector path.
#pragma once

#include <cmath>
#include <cstring>

#include "kernels/cpu/float_rows.hpp"
#include "kernels/quant/half.hpp"

namespace greenroom::kernels {
namespace {

constexpr int kSums = 16;  // lanes of a product, whatever a register holds

float sum_in_halves(float (&lanes)[kSums]) {
    for (int width = kSums / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; ++l) lanes[l] += lanes[l + width];
    }
    return lanes[0];
}

// The tile of n_rows rows by n_tokens tokens that begins with token t.
template <class L, int n_rows, int n_tokens>
void multiply_tile(const FloatProducts& op, int row, std::int64_t t) {
    constexpr int kParts = kSums / L::kLanes;
    typename L::Vector sums[n_rows][n_tokens][kParts];
    for (auto& of_row : sums) {
        for (auto& of_token : of_row) {
            for (auto& part : of_token) part = L::zero();
        }
    }
    const float* rows = op.rows + row * op.cols;
    const float* x = op.x + t * op.cols;
    const std::int64_t whole = op.cols - op.cols % kSums;
    for (std::int64_t c = 0; c < whole; c += kSums) {
        for (int part = 0; part < kParts; ++part) {
            const std::int64_t at = c + part * L::kLanes;
            typename L::Vector values[n_tokens];
            for (int i = 0; i < n_tokens; ++i) values[i] = L::load(x + i * op.cols + at);
            for (int r = 0; r < n_rows; ++r) {
                const typename L::Vector w = L::load(rows + r * op.cols + at);
                for (int i = 0; i < n_tokens; ++i) {
                    sums[r][i][part] = L::multiply_add(w, values[i], sums[r][i][part]);
                }
            }
        }
    }
    for (int r = 0; r < n_rows; ++r) {
        for (int i = 0; i < n_tokens; ++i) {
            float lanes[kSums];
            for (int part = 0; part < kParts; ++part) {
                L::store(lanes + part * L::kLanes, sums[r][i][part]);
            }
            for (std::int64_t c = whole; c < op.cols; ++c) {
                float& lane = lanes[c - whole];
                lane = std::fma(rows[r * op.cols + c], x[i * op.cols + c], lane);
            }
            op.y[(t + i) * op.y_stride + row + r] = sum_in_halves(lanes);
        }
    }
}

template <class L, int n_rows>
void multiply_rows(const FloatProducts& op, int row) {
    constexpr int kTokens = L::kLanes == 16 ? 4 : 1;  // AVX2 has a quarter of the register bytes
    std::int64_t t = 0;
    for (; t + kTokens <= op.n_tokens; t += kTokens) multiply_tile<L, n_rows, kTokens>(op, row, t);
    for (; t < op.n_tokens; ++t) multiply_tile<L, n_rows, 1>(op, row, t);
}

template <class L>
void multiply_floats(const FloatProducts& op) {
    if (op.n_rows == kFloatRows) return multiply_rows<L, kFloatRows>(op, 0);
    for (int r = 0; r < op.n_rows; ++r) multiply_rows<L, 1>(op, r);
}

// How a row of one type lies in memory.
struct F32Row {
    static constexpr int bytes = 4;
    template <class L>
    static typename L::Vector load(const std::byte* p) {
        return L::load(reinterpret_cast<const float*>(p));
    }
    static float value(const std::byte* p) {
        float out;
        std::memcpy(&out, p, sizeof out);
        return out;
    }
};
struct F16Row {
    static constexpr int bytes = 2;
    template <class L>
    static typename L::Vector load(const std::byte* p) {
        return L::load_f16(p);
    }
    static float value(const std::byte* p) {
        std::uint16_t half;
        std::memcpy(&half, p, sizeof half);
        return f16_to_f32(half);
    }
};
struct Bf16Row {
    static constexpr int bytes = 2;
    template <class L>
    static typename L::Vector load(const std::byte* p) {
        return L::load_bf16(p);
    }
    static float value(const std::byte* p) {
        std::uint16_t half;
        std::memcpy(&half, p, sizeof half);
        return bf16_to_f32(half);
    }
};

// How far ahead of the products memory is asked for, in each of the rows that are read together.
constexpr int kFloatBytesAhead = 1024;

template <class L, class Row, int n_rows>
void multiply_one_rows(const FloatRowsOfOne& op, int first) {
    constexpr int kParts = kSums / L::kLanes;
    constexpr int kColumns = 64 / Row::bytes;  // of a line of memory
    typename L::Vector sums[n_rows][kParts];
    for (auto& of_row : sums) {
        for (auto& part : of_row) part = L::zero();
    }
    const std::byte* rows = op.rows + static_cast<std::size_t>(first) * op.row_bytes;
    const std::int64_t whole = op.cols - op.cols % kColumns;
    for (std::int64_t c = 0; c < whole; c += kColumns) {
        for (int r = 0; r < n_rows; ++r) {
            const std::byte* line =
                rows + static_cast<std::size_t>(r) * op.row_bytes + c * Row::bytes;
            __builtin_prefetch(line + kFloatBytesAhead);
            asm volatile("");  // see prefetch_share()
            for (int i = 0; i < kColumns; i += L::kLanes) {
                auto& sum = sums[r][i / L::kLanes % kParts];
                sum = L::multiply_add(
                    Row::template load<L>(line + i * Row::bytes), L::load(op.x + c + i), sum);
            }
        }
    }
    for (int r = 0; r < n_rows; ++r) {
        float lanes[kSums];
        for (int part = 0; part < kParts; ++part) L::store(lanes + part * L::kLanes, sums[r][part]);
        const std::byte* row = rows + static_cast<std::size_t>(r) * op.row_bytes;
        for (std::int64_t c = whole; c < op.cols; ++c) {
            float& lane = lanes[c % kSums];
            lane = std::fma(Row::value(row + c * Row::bytes), op.x[c], lane);
        }
        op.y[first + r] = sum_in_halves(lanes);
    }
}

template <class L, class Row>
void multiply_one_by_floats(const FloatRowsOfOne& op) {
    if (op.n_rows == kFloatRows) return multiply_one_rows<L, Row, kFloatRows>(op, 0);
    for (int r = 0; r < op.n_rows; ++r) multiply_one_rows<L, Row, 1>(op, r);
}

template <class L>
void widen_f16_lanes(const std::byte* from, std::int64_t n, float* to) {
    std::int64_t i = 0;
    for (; i + L::kLanes <= n; i += L::kLanes) L::store(to + i, L::load_f16(from + 2 * i));
    if (i == n) return;
    std::byte rest[2 * L::kLanes] = {};
    float floats[L::kLanes];
    std::memcpy(rest, from + 2 * i, static_cast<std::size_t>(2 * (n - i)));
    L::store(floats, L::load_f16(rest));
    std::memcpy(to + i, floats, static_cast<std::size_t>(n - i) * sizeof(float));
}

void widen_bf16_lanes(const std::byte* from, std::int64_t n, float* to) {
    for (std::int64_t i = 0; i < n; ++i) {
        std::uint16_t half;
        std::memcpy(&half, from + 2 * i, sizeof half);
        const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16;
        std::memcpy(to + i, &bits, sizeof bits);
    }
}

template <class L>
constexpr FloatKernels kFloatKernelsOf = {.multiply = multiply_floats<L>,
                                          .one_f32 = multiply_one_by_floats<L, F32Row>,
                                          .one_f16 = multiply_one_by_floats<L, F16Row>,
                                          .one_bf16 = multiply_one_by_floats<L, Bf16Row>,
                                          .widen_f16 = widen_f16_lanes<L>,
                                          .widen_bf16 = widen_bf16_lanes};

}  // namespace
}  // namespace greenroom::kernels
