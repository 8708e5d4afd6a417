#include "kernels/cpu/plain_rows.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/panel.hpp"
#include "kernels/cpu/rounded.hpp"

namespace greenroom::kernels {
namespace {

constexpr int kGroup = NormalBlock::kGroup;

// sum + one block of one row times the same columns of one token.
float add_block(
    float sum, const NormalBlock& w, const NormalForm& form, const std::int8_t* q, float scale) {
    std::int32_t products = 0, offsets = 0;
    for (int g = 0; g < form.columns / kGroup; ++g) {
        std::int32_t dot = 0, plain = 0;
        for (int c = g * kGroup; c < (g + 1) * kGroup; ++c) {
            dot += w.q[c] * q[c];
            plain += q[c];
        }
        products += w.scale[g] * dot;
        offsets += w.offset[g] * plain;
    }
    sum = std::fma(static_cast<float>(products), w.d * scale, sum);
    if (form.has_offset) sum = std::fma(static_cast<float>(offsets), w.m * scale, sum);
    return sum;
}

// The blocks of one row of a matrix, in either layout, as integers.
class RowOfBlocks {
 public:
    RowOfBlocks(const Matrix& w, const NormalForm& form, std::int64_t row)
        : type_(w.type), form_(form), block_bytes_(block_format(w.type).bytes) {
        const std::int64_t panel_row = row % kPanelRows;
        if (w.layout == Layout::panels && row - panel_row + kPanelRows <= w.rows) {
            row_in_panel_ = static_cast<int>(panel_row);
            row -= panel_row;
        }
        bytes_ = w.data + static_cast<std::size_t>(row) * w.row_bytes();
    }
    void unpack(std::int64_t i, NormalBlock& out) const {
        const auto at = static_cast<std::size_t>(i / form_.parts) * block_bytes_;
        const std::byte* block = bytes_ + at;
        std::byte gathered[kMostBlockBytes];
        if (row_in_panel_ >= 0) {
            unpack_block(type_, bytes_ + at * kPanelRows, row_in_panel_, gathered);
            block = gathered;
        }
        form_.unpack(block, static_cast<int>(i % form_.parts), out);
    }

 private:
    static constexpr std::size_t kMostBlockBytes = 256;
    BlockType type_;
    const NormalForm& form_;
    std::size_t block_bytes_;
    int row_in_panel_ = -1;
    const std::byte* bytes_;
};

}  // namespace

void plain_integer_rows(const MatMul& op,
                        const Activations::Rounded& x,
                        std::int64_t begin,
                        std::int64_t end,
                        float* sums) {
    const NormalForm& form = *find_normal_form(op.w.type);
    NormalBlock block;
    for (std::int64_t r = begin; r < end; ++r) {
        const RowOfBlocks row(op.w, form, r);
        std::fill_n(sums, x.n_tokens, 0.0F);
        for (std::int64_t b = 0; b < op.w.cols / form.columns; ++b) {
            row.unpack(b, block);
            const std::int64_t column = b * form.columns;
            for (std::int64_t t = 0; t < x.n_tokens; ++t) {
                const float scale = x.row_scales(t)[column / x.block];
                sums[t] = add_block(sums[t], block, form, x.row(t) + column, scale);
            }
        }
        for (std::int64_t t = 0; t < x.n_tokens; ++t) op.y[t * op.w.rows + r] = sums[t];
    }
}

}  // namespace greenroom::kernels
