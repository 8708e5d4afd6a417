#include <cmath>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/rounded.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

constexpr int kLanes = 16;

// Column c goes to lane c % 16; the lanes are added in halves.
float dot(const float* a, const float* b, std::int64_t n) {
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

void float_rows(const MatMul& op, std::int64_t begin, std::int64_t end, float* row) {
    const std::int64_t n_tokens = op.x.n_tokens(), cols = op.w.cols;
    for (std::int64_t r = begin; r < end; ++r) {
        dequantize_row(op.w, r, row);
        for (std::int64_t t = 0; t < n_tokens; ++t) {
            op.y[t * op.w.rows + r] = dot(row, op.x.values() + t * cols, cols);
        }
    }
}

// Adds one block of one row times the same columns of every token.
void add_block(const NormalBlock& w,
               const NormalForm& form,
               const Activations::Rounded& x,
               std::int64_t column,
               float* sums) {
    for (std::int64_t t = 0; t < x.n_tokens; ++t) {
        const std::int8_t* q = x.row(t) + column;
        const std::int32_t* less = x.row_less(t) + column / NormalBlock::kGroup;
        std::int32_t products = 0, offsets = 0;
        for (int g = 0; g < form.columns / NormalBlock::kGroup; ++g) {
            std::int32_t sum = 0;
            for (int c = 0; c < NormalBlock::kGroup; ++c) {
                sum += w.q[g * NormalBlock::kGroup + c] * q[g * NormalBlock::kGroup + c];
            }
            products += w.scale[g] * sum;
            offsets -= w.offset[g] * less[g];
        }
        const float scale = x.row_scales(t)[column / x.block];
        sums[t] = std::fma(static_cast<float>(products), w.d * scale, sums[t]);
        if (form.has_offset) {
            sums[t] = std::fma(static_cast<float>(offsets), w.m * scale, sums[t]);
        }
    }
}

void integer_rows(const MatMul& op,
                  const Activations::Rounded& x,
                  std::int64_t begin,
                  std::int64_t end,
                  float* sums) {
    const NormalForm& form = *find_normal_form(op.w.type);
    const std::size_t block_bytes = block_format(op.w.type).bytes;
    NormalBlock block;
    for (std::int64_t r = begin; r < end; ++r) {
        const std::byte* row = op.w.data + static_cast<std::size_t>(r) * op.w.row_bytes();
        for (std::int64_t t = 0; t < x.n_tokens; ++t) sums[t] = 0;
        for (std::int64_t b = 0; b < op.w.cols / form.columns; ++b) {
            form.unpack(row + static_cast<std::size_t>(b / form.parts) * block_bytes,
                        static_cast<int>(b % form.parts),
                        block);
            add_block(block, form, x, b * form.columns, sums);
        }
        for (std::int64_t t = 0; t < x.n_tokens; ++t) op.y[t * op.w.rows + r] = sums[t];
    }
}

}  // namespace

void run_on_cpu(const MatMul& op, ThreadPool& pool) {
    require(op.x.cols() == op.w.cols, "mat_mul: columns of weights and activations differ");
    const bool integers =
        op.x.arithmetic() == Arithmetic::fast && find_normal_form(op.w.type) != nullptr;
    const Activations::Rounded* rounded = integers ? &op.x.rounded_for(op.w.type, pool) : nullptr;
    const auto scratch = static_cast<std::size_t>(integers ? op.x.n_tokens() : op.w.cols);
    pool.parallel_for(op.w.rows, 16, [&](std::int64_t begin, std::int64_t end, int thread) {
        auto* floats = reinterpret_cast<float*>(pool.scratch(thread, scratch * sizeof(float)));
        if (integers) {
            integer_rows(op, *rounded, begin, end, floats);
        } else {
            float_rows(op, begin, end, floats);
        }
    });
}

void dequantize_row(const Matrix& w, std::int64_t row, float* out) {
    const BlockFormat& format = block_format(w.type);
    format.dequantize(w.data + static_cast<std::size_t>(row) * w.row_bytes(),
                      static_cast<std::size_t>(w.cols) / format.elements,
                      out);
}

}  // namespace greenroom::kernels
