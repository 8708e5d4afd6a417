// e^x on all lanes of a register, within 2 ulp of the exact value. Only for sources compiled for a
// vector path.
#pragma once

namespace greenroom::kernels {
namespace {

// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor series to r^7 (error below 2^-27), then
// times 2^n. Outside [-150, 104] the result is 0 or
// infinite in float anyway. NaN stays NaN.
template <class L>
typename L::Vector exp_lanes(typename L::Vector x) {
    constexpr float kLog2E = 1.44269504F;
    constexpr float kLn2High = 0.693145752F;   // 0x1.62e4p-1: n times this is exact
    constexpr float kLn2Low = 1.42860677e-6F;  // ln 2 - kLn2High
    // The operand order matters: min and max return the second one when one is NaN.
    x = L::min(L::fill(104), L::max(L::fill(-150), x));
    const typename L::Vector n = L::round(L::multiply(x, L::fill(kLog2E)));
    typename L::Vector r = L::multiply_add(n, L::fill(-kLn2High), x);
    r = L::multiply_add(n, L::fill(-kLn2Low), r);
    typename L::Vector sum = L::fill(1.0F / 5040);
    for (const float c : {1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F}) {
        sum = L::multiply_add(sum, r, L::fill(c));
    }
    return L::scale_by_power(sum, n);
}

}  // namespace
}  // namespace greenroom::kernels
