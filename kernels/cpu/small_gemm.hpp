// Products of small float matrices that lie in the first caches: the two inner products of
// attention. Only for sources compiled for a vector path.
#pragma once

namespace greenroom::kernels {
namespace {

// c[i][j] += sum over k of a[i][k] * b[k][j]. The sum runs over k in order for every element, so an
// element does not depend on which others are computed with it.
struct SmallGemm {
    const float* a;  // (rows, depth), row stride a_stride
    const float* b;  // (depth, cols), row stride b_stride
    float* c;        // (rows, cols), row stride c_stride
    int rows, depth;
    int cols;  // a multiple of the lanes
    int a_stride, b_stride, c_stride;
};

// A tile of Rows x (Vectors * lanes) elements of c, kept in registers.
template <class L, int Rows, int Vectors>
void gemm_tile(const SmallGemm& g, int row, int col) {
    typename L::Vector sums[Rows][Vectors];
    float* c = g.c + row * g.c_stride + col;
    for (int i = 0; i < Rows; ++i) {
        for (int v = 0; v < Vectors; ++v) sums[i][v] = L::load(c + i * g.c_stride + v * L::kLanes);
    }
    const float* a = g.a + row * g.a_stride;
    const float* b = g.b + col;
    for (int k = 0; k < g.depth; ++k, b += g.b_stride) {
        typename L::Vector right[Vectors];
        for (int v = 0; v < Vectors; ++v) right[v] = L::load(b + v * L::kLanes);
        for (int i = 0; i < Rows; ++i) {
            const typename L::Vector left = L::fill(a[i * g.a_stride + k]);
            for (int v = 0; v < Vectors; ++v) {
                sums[i][v] = L::multiply_add(left, right[v], sums[i][v]);
            }
        }
    }
    for (int i = 0; i < Rows; ++i) {
        for (int v = 0; v < Vectors; ++v) L::store(c + i * g.c_stride + v * L::kLanes, sums[i][v]);
    }
}

template <class L, int Rows>
void gemm_rows(const SmallGemm& g, int row) {
    constexpr int kVectors = 64 / L::kLanes > 4 ? 2 : 4;  // AVX2 has half the registers
    constexpr int kWide = kVectors * L::kLanes;
    int col = 0;
    for (; col + kWide <= g.cols; col += kWide) gemm_tile<L, Rows, kVectors>(g, row, col);
    for (; col < g.cols; col += L::kLanes) gemm_tile<L, Rows, 1>(g, row, col);
}

template <class L>
void run_gemm(const SmallGemm& g) {
    int row = 0;
    for (; row + 4 <= g.rows; row += 4) gemm_rows<L, 4>(g, row);
    for (; row < g.rows; ++row) gemm_rows<L, 1>(g, row);
}

}  // namespace
}  // namespace greenroom::kernels
