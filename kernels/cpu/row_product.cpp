#include "kernels/cpu/row_product.hpp"

#include "kernels/cpu/float_rows.hpp"
#include "kernels/cpu/normal_form.hpp"
#include "kernels/cpu/plain_rows.hpp"
#include "kernels/require.hpp"

namespace greenroom::kernels {

RowProduct::RowProduct(const MatMul& op, ThreadPool& pool) : op_(op), pool_(pool) {
    require(op.x.cols() == op.w.cols, "product: columns of weights and activations differ");
    if (op.x.arithmetic() == Arithmetic::exact || find_normal_form(op.w.type) == nullptr) return;
    x_ = &op.x.rounded_for(op.w.type, pool);
    if (find_panel_kernels(pool.path(), op.w.type) == nullptr) return;
    panels_.emplace(op_.w, *x_, pool.path(), op.y);
}

std::int64_t RowProduct::grain() const {
    return panels_ ? panels_->grain() * kPanelRows : kPanelRows;
}

void RowProduct::compute(std::int64_t begin, std::int64_t end, int thread) const {
    if (panels_) {
        panels_->multiply(begin / kPanelRows,
                          (end + kPanelRows - 1) / kPanelRows,
                          pool_.scratch(thread, panels_->scratch_bytes()));
    } else if (x_ != nullptr) {
        const auto bytes = static_cast<std::size_t>(x_->n_tokens) * sizeof(float);
        auto* sums = reinterpret_cast<float*>(pool_.scratch(thread, bytes));
        plain_integer_rows(op_, *x_, begin, end, sums);
    } else {
        compute_floats(begin, end, thread);
    }
}

void RowProduct::compute_both(
    const RowProduct& a, const RowProduct& b, std::int64_t begin, std::int64_t end, int thread) {
    if (!a.panels_ || !b.panels_ || !a.panels_->pairs_with(*b.panels_)) {
        a.compute(begin, end, thread);
        b.compute(begin, end, thread);
        return;
    }
    PanelRows::multiply_both(*a.panels_,
                             *b.panels_,
                             begin / kPanelRows,
                             (end + kPanelRows - 1) / kPanelRows,
                             a.pool_.scratch(thread, a.panels_->scratch_bytes()));
}

void RowProduct::compute_floats(std::int64_t begin, std::int64_t end, int thread) const {
    const auto bytes = static_cast<std::size_t>(kFloatRows * op_.w.cols) * sizeof(float);
    auto* rows = reinterpret_cast<float*>(pool_.scratch(thread, bytes));
    multiply_float_rows(op_, pool_.path(), begin, end, rows);
}

void RowProducts::add(const MatMul& op) {
    require(n_ < kMost, "products: too many at once");
    const bool is_empty = op.w.rows == 0 || op.x.n_tokens() == 0;
    if (!is_empty) products_[n_].emplace(op, pool_);
    rows_[n_++] = is_empty ? 0 : op.w.rows;
}

void RowProducts::run() const {
    std::int64_t grain = 1;
    for (const auto& product : products_) {
        if (product) grain = std::max(grain, product->grain());
    }
    parallel_rows(pool_,
                  std::span(rows_).first(n_),
                  grain,
                  [&](std::size_t i, std::int64_t begin, std::int64_t end, int thread) {
                      products_[i]->compute(begin, end, thread);
                  });
}

}  // namespace greenroom::kernels
