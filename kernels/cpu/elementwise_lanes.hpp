// Element by element on a vector path. Only for sources compiled for one.
#pragma once

#include <cstdint>

#include "kernels/cpu/elementwise.hpp"
#include "kernels/cpu/exp_lanes.hpp"

namespace greenroom::kernels {
namespace {

// Calls body(begin of a whole register's elements); the last elements go through a register of
// their own, so that they are computed like all others.
template <class L, class Body>
void for_registers(const float* x, const float* z, float* y, std::int64_t n, const Body& body) {
    std::int64_t i = 0;
    for (; i + L::kLanes <= n; i += L::kLanes) {
        L::store(y + i, body(L::load(x + i), L::load(z + i)));
    }
    if (i == n) return;
    float a[L::kLanes] = {}, b[L::kLanes] = {};
    for (std::int64_t k = i; k < n; ++k) a[k - i] = x[k], b[k - i] = z[k];
    L::store(a, body(L::load(a), L::load(b)));
    for (std::int64_t k = i; k < n; ++k) y[k] = a[k - i];
}

template <class L>
void exp_each(const float* x, float* y, std::int64_t n) {
    using Vector = typename L::Vector;
    for_registers<L>(x, x, y, n, [](Vector v, Vector) { return exp_lanes<L>(v); });
}

template <class L>
void silu_times_each(float* gate, const float* up, std::int64_t n) {
    using Vector = typename L::Vector;
    for_registers<L>(gate, up, gate, n, [](Vector g, Vector u) {
        const Vector e = exp_lanes<L>(L::subtract(L::zero(), g));
        return L::multiply(L::divide(g, L::add(L::fill(1), e)), u);
    });
}

}  // namespace
}  // namespace greenroom::kernels
