#include "kernels/cpu/float_rows.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/quant/half.hpp"

namespace greenroom::kernels {
namespace {

float dot(const float* a, const float* b, std::int64_t n) {
    constexpr int kLanes = 16;
    float lanes[kLanes] = {};
    for (std::int64_t c = 0; c < n; ++c) {
        float& lane = lanes[c % kLanes];
        lane = std::fma(a[c], b[c], lane);
    }
    for (int width = kLanes / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; ++l) lanes[l] += lanes[l + width];
    }
    return lanes[0];
}

void multiply(const FloatProducts& op) {
    for (int r = 0; r < op.n_rows; ++r) {
        for (std::int64_t t = 0; t < op.n_tokens; ++t) {
            op.y[t * op.y_stride + r] = dot(op.rows + r * op.cols, op.x + t * op.cols, op.cols);
        }
    }
}

std::uint16_t u16_at(const std::byte* p) {
    return load_u16(std::to_integer<std::uint8_t>(p[0]), std::to_integer<std::uint8_t>(p[1]));
}

void widen_f16(const std::byte* from, std::int64_t n, float* to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = f16_to_f32(u16_at(from + 2 * i));
}

void widen_bf16(const std::byte* from, std::int64_t n, float* to) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = bf16_to_f32(u16_at(from + 2 * i));
}

// Null where rows have to be brought into float first.
MultiplyOneByFloats one_of(const FloatKernels& kernels, BlockType type) {
    switch (type) {
        case BlockType::f32:
            return kernels.one_f32;
        case BlockType::f16:
            return kernels.one_f16;
        case BlockType::bf16:
            return kernels.one_bf16;
        default:
            return nullptr;
    }
}

void multiply_one(const MatMul& op,
                  MultiplyOneByFloats body,
                  std::int64_t begin,
                  std::int64_t end) {
    const std::size_t row_bytes = op.w.row_bytes();
    for (std::int64_t r = begin; r < end; r += kFloatRows) {
        body({.rows = op.w.data + static_cast<std::size_t>(r) * row_bytes,
              .row_bytes = row_bytes,
              .n_rows = static_cast<int>(std::min<std::int64_t>(kFloatRows, end - r)),
              .x = op.x.values(),
              .cols = op.w.cols,
              .y = op.y + r});
    }
}

void widen_row(const Matrix& w, const FloatKernels& kernels, std::int64_t row, float* out) {
    const std::byte* bytes = w.data + static_cast<std::size_t>(row) * w.row_bytes();
    if (w.type == BlockType::f16) return kernels.widen_f16(bytes, w.cols, out);
    if (w.type == BlockType::bf16) return kernels.widen_bf16(bytes, w.cols, out);
    dequantize_row(w, row, out);
}

}  // namespace

const FloatKernels kPlainFloatKernels = {.multiply = multiply,
                                         .one_f32 = nullptr,
                                         .one_f16 = nullptr,
                                         .one_bf16 = nullptr,
                                         .widen_f16 = widen_f16,
                                         .widen_bf16 = widen_bf16};

const FloatKernels& float_kernels(CpuPath path) {
    switch (path) {
#if defined(__x86_64__)
        case CpuPath::avx2:
        case CpuPath::avx_vnni:
            return kAvx2FloatKernels;
        case CpuPath::avx512:
        case CpuPath::amx:
            return kAvx512FloatKernels;
#endif
        default:
            return kPlainFloatKernels;
    }
}

void multiply_float_rows(
    const MatMul& op, CpuPath path, std::int64_t begin, std::int64_t end, float* scratch) {
    const FloatKernels& kernels = float_kernels(path);
    const MultiplyOneByFloats one = one_of(kernels, op.w.type);
    if (op.x.n_tokens() == 1 && one != nullptr) return multiply_one(op, one, begin, end);
    for (std::int64_t r = begin; r < end; r += kFloatRows) {
        const int n_rows = static_cast<int>(std::min<std::int64_t>(kFloatRows, end - r));
        for (int i = 0; i < n_rows; ++i) {
            widen_row(op.w, kernels, r + i, scratch + i * op.w.cols);
        }
        kernels.multiply({.rows = scratch,
                          .n_rows = n_rows,
                          .x = op.x.values(),
                          .n_tokens = op.x.n_tokens(),
                          .cols = op.w.cols,
                          .y = op.y + r,
                          .y_stride = op.w.rows});
    }
}

}  // namespace greenroom::kernels
