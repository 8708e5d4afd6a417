// The products themselves, written once for every width of register. Include a panel_lanes_*.hpp
// first. Each sum takes the same steps in the same order as in the plain twin.
#pragma once

#include "kernels/cpu/panel_fp4.hpp"
#include "kernels/cpu/panel_in_place.hpp"
#include "kernels/cpu/panel_kernels.hpp"
#include "kernels/cpu/panel_ternary.hpp"

namespace greenroom::kernels {
namespace {

// Where minus the sums of so many activations are.
constexpr int less_of(int columns) {
    return columns == 32 ? WordsBy32::less : WordsBy32::less_16;
}

// Groups of columns with scales of their own in one block of a simple type.
template <class T>
constexpr int kGroups = 1;
template <>
constexpr int kGroups<Nvfp4> = 4;

// 32 or 16 columns that share a scale; `at` is their number in the run. They are a group of a block
// of type Whole.
template <class T, class Whole = T, int group = 0>
F add_simple(F sum, Block b, int at, const std::int32_t* x) {
    constexpr int quads = T::columns / 4;
    I q[quads];
    T::unpack(b, q);
    I low = Lanes::zero(), high = Lanes::zero();  // two chains
    if constexpr (kCorrects<T::shift, T::wide>) {
        low = Lanes::shift<T::shift>(Lanes::splat(x[less_of(T::columns) + at]));
    }
    const std::int32_t* values = x + WordsBy32::q + at * quads;
    each<quads / 2>([&](auto w) __attribute__((always_inline)) {
        prefetch_share<Whole, group * quads / 2 + w, kGroups<Whole> * quads / 2>(b);
        low = dot<T::wide>(low, q[w], values + w);
        high = dot<T::wide>(high, q[w + quads / 2], values + w + quads / 2);
    });
    const F scale = splat_float(x + WordsBy32::scale + at * T::columns / 32);
    const F products = Lanes::to_float(Lanes::add(low, high));
    sum = Lanes::fma(products, Lanes::mul(T::d(b), scale), sum);
    if constexpr (T::has_m) {
        const F less = Lanes::to_float(Lanes::splat(x[WordsBy32::less + at]));
        sum = Lanes::fma(Lanes::negate(less), Lanes::mul(T::m(b), scale), sum);
    }
    return sum;
}

// One block of a simple type; `at` is its number in the run.
template <class T>
F add_block(F sum, Block b, int at, const std::int32_t* x) {
    if constexpr (kGroups<T> == 1) {
        return add_simple<T>(sum, b, at, x);
    } else {
        each<kGroups<T>>([&](auto g) __attribute__((always_inline)) {
            using Group = typename T::template Group<g>;
            sum = add_simple<Group, T, g>(sum, b, at * kGroups<T> + g, x);
        });
        return sum;
    }
}

// 32 columns of a block, times their scales.
template <class T>
I products_of_piece(Block b, const I (&scales)[kScaleWords<T>], auto piece, const std::int32_t* x) {
    I q[8];
    T::template unpack<piece>(b, q);
    I low = Lanes::zero(), high = Lanes::zero();
    each<4>([&](auto w) __attribute__((always_inline)) {
        low = dot<T::wide>(low, q[w], x + piece * 8 + w);
        high = dot<T::wide>(high, q[w + 4], x + piece * 8 + w + 4);
    });
    if constexpr (T::group == 256) {
        return Lanes::add(low, high);
    } else if constexpr (T::group == 32) {
        return Lanes::mul(scale_of<T, piece>(scales), Lanes::add(low, high));
    } else {
        return Lanes::add(Lanes::mul(scale_of<T, 2 * piece>(scales), low),
                          Lanes::mul(scale_of<T, 2 * piece + 1>(scales), high));
    }
}

// The sum of a block, each group times its scale.
template <class T>
I scaled_products(Block b, const I (&scales)[kScaleWords<T>], const std::int32_t* x) {
    I products = Lanes::zero();
    if constexpr (!kInPlace<T>) {
        each<8>([&](auto piece) __attribute__((always_inline)) {
            prefetch_share<T, piece, 8>(b);
            products = Lanes::add(products, products_of_piece<T>(b, scales, piece, x));
        });
    } else if constexpr (T::group == 32) {
        each<4>([&](auto pair) __attribute__((always_inline)) {
            products = Lanes::add(products, scaled_by_32<T, pair>(b, scales, x));
        });
    } else {
        I of_fields[kFields<T>];
        each<kFields<T>>([&](auto f) { of_fields[f] = Lanes::zero(); });
        each<2>([&](auto half) __attribute__((always_inline)) {
            add_by_16<T, half, false>(b, scales, x, of_fields);
            add_by_16<T, half, true>(b, scales, x, of_fields);
        });
        each<kFields<T>>([&](auto f) __attribute__((always_inline)) {
            constexpr int weight = T::template bits<0>[f].weight;
            products = Lanes::add(products, Lanes::template shift<weight>(of_fields[f]));
        });
    }
    return products;
}

// One block of 256 columns.
template <class T>
F add_super(F sum, Block b, const std::int32_t* x) {
    I scales[kScaleWords<T>];
    if constexpr (T::group < 256) T::scales(b, scales);
    I products = scaled_products<T>(b, scales, x + WordsBy256::q);
    if constexpr (T::group == 256) {
        const I less = Lanes::splat(x[WordsBy256::less]);
        products = Lanes::add(products, Lanes::shift<T::shift>(less));
    } else if constexpr (kCorrects<T::shift, T::wide>) {
        const I excess = dot_groups<T, T::signed_scales>(scales, x);
        products = Lanes::sub(products, Lanes::shift<T::shift>(excess));
    }
    const F scale = splat_float(x + WordsBy256::scale);
    sum = Lanes::fma(Lanes::to_float(products), Lanes::mul(T::d(b), scale), sum);
    if constexpr (T::has_m) {
        I offsets[kScaleWords<T>];
        T::offsets(b, offsets);
        const F offset = Lanes::to_float(dot_groups<T, false>(offsets, x));
        sum = Lanes::fma(offset, Lanes::mul(T::m(b), scale), sum);
    }
    return sum;
}

// Adds every block of every panel to its sums: sum = add(sum, block, its number in the run, x).
template <class T, int blocks_per_run, class Add>
[[gnu::always_inline]] inline void walk_panels(const PanelsOfOne& op, const Add& add) {
    const std::int32_t* x = op.x;
    std::size_t at = 0;
    for (int left = op.n_blocks; left > 0; left -= blocks_per_run) {
        const int n = left < blocks_per_run ? left : blocks_per_run;
        for (int p = 0; p < op.n_panels; ++p) {
            const std::byte* block = op.panels[p] + at;
            float* sums = op.sums + p * kPanelRows;
            F sum[kParts];
            each<kParts>([&](auto part) { sum[part] = Lanes::load(sums + part * Lanes::n); });
            for (int i = 0; i < n; ++i) {
                each<kParts>([&](auto part) __attribute__((always_inline)) {
                    sum[part] = add(sum[part], Block{block, part}, i, x);
                });
                block += 16 * T::bytes;
            }
            each<kParts>([&](auto part) { Lanes::store(sums + part * Lanes::n, sum[part]); });
        }
        at += blocks_per_run * 16 * T::bytes;
        x += kRunWords;
    }
}

template <class T>
[[gnu::flatten]] void multiply_one_simple(const PanelsOfOne& op) {
    walk_panels<T, kRunColumns / (T::columns * kGroups<T>)>(
        op, [](F sum, Block b, int at, const std::int32_t* x) __attribute__((always_inline)) {
            return add_block<T>(sum, b, at, x);
        });
}

template <class T>
[[gnu::flatten]] void multiply_one_super(const PanelsOfOne& op) {
    walk_panels<T, 1>(
        op, [](F sum, Block b, int, const std::int32_t* x) __attribute__((always_inline)) {
            return add_super<T>(sum, b, x);
        });
}

}  // namespace
}  // namespace greenroom::kernels
