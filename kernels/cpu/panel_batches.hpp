// Panels unpacked once and multiplied with tiles of tokens, written once for every width of
// register. Include a panel_lanes_*.hpp first.
#pragma once

#include "kernels/cpu/lattice_points.hpp"
#include "kernels/cpu/panel_products.hpp"

namespace greenroom::kernels {
namespace {

// What a kernel must know of an unpacked run; types that agree in it share the code.
struct SimpleForm {
    int shift;
    bool wide, has_m;
    int columns;   // that share a scale: 16 or 32
    int n_groups;  // of these in a block
};
struct SuperForm {
    int shift;
    bool wide, has_m;
    int group;  // 16, 32, or 256: scales already multiplied in
};

template <class T>
constexpr SimpleForm kSimpleForm = {T::shift, T::wide, T::has_m, T::columns, kGroups<T>};

// Folded Q3_K is 128 less its scaled values: they reach from -124 to 128.
template <class T>
constexpr SuperForm kSuperForm = T::folds ? SuperForm{T::has_m ? 0 : 7, !T::has_m, T::has_m, 256}
                                          : SuperForm{T::shift, T::wide, T::has_m, T::group};

// Points on a lattice, with scales of 16 or 32 columns.
template <int group>
constexpr SuperForm kLatticeForm = {kPointShift, false, false, group};

template <class Row>
void store_part(Row* row, int part, auto value) {
    Lanes::store(row + part * Lanes::n, value);
}

void store_bytes(std::uint8_t (&quad)[64], int part, I bytes) {
    Lanes::store(quad + part * 4 * Lanes::n, bytes);
}

// `at`: the number of the group in the run.
template <class T>
void unpack_group(Block b, int at, PanelRun& out) {
    constexpr int quads = T::columns / 4;
    I q[quads];
    T::unpack(b, q);
    each<quads>([&](auto w) __attribute__((always_inline)) {
        store_bytes(out.q[at * quads + w], b.part, q[w]);
    });
    store_part(out.d[at], b.part, T::d(b));
    if constexpr (T::has_m) store_part(out.m[at], b.part, T::m(b));
}

template <class T>
[[gnu::flatten]] void unpack_simple(const std::byte* panel, int n_blocks, PanelRun& out) {
    for (int i = 0; i < n_blocks; ++i) {
        each<kParts>([&](auto part) __attribute__((always_inline)) {
            const Block b{panel + i * 16 * T::bytes, part};
            if constexpr (kGroups<T> == 1) {
                unpack_group<T>(b, i, out);
            } else {
                each<kGroups<T>>([&](auto g) __attribute__((always_inline)) {
                    unpack_group<typename T::template Group<g>>(b, i * kGroups<T> + g, out);
                });
            }
        });
    }
}

// Four bytes times one scale, where the products fit bytes again.
template <class T>
I fold(I q, I scale) {
    const I low_bytes = Lanes::splat(0x00ff00ff), shift = Lanes::splat(0x00010001 << T::shift);
    I even = Lanes::bit_and(q, low_bytes), odd = Lanes::bit_and(Lanes::shift<-8>(q), low_bytes);
    if constexpr (T::shift > 0) {
        even = Lanes::sub_16(even, shift);
        odd = Lanes::sub_16(odd, shift);
    }
    const I pair =
        Lanes::bit_or(Lanes::bit_and(scale, Lanes::splat(0xffff)), Lanes::shift<16>(scale));
    even = Lanes::mul_16(even, pair);
    odd = Lanes::mul_16(odd, pair);
    const I bytes = Lanes::bit_or(Lanes::bit_and(even, low_bytes),
                                  Lanes::shift<8>(Lanes::bit_and(odd, low_bytes)));
    if constexpr (T::has_m) return bytes;
    return Lanes::sub_8(Lanes::splat_bytes(0x80), bytes);
}

template <class T>
void unpack_pieces(Block b, const I (&scales)[kScaleWords<T>], PanelRun& out) {
    each<8>([&](auto piece) __attribute__((always_inline)) {
        I q[8];
        T::template unpack<piece>(b, q);
        each<8>([&](auto w) __attribute__((always_inline)) {
            if constexpr (T::folds) q[w] = fold<T>(q[w], scale_of<T, 2 * piece + w / 4>(scales));
            store_bytes(out.q[piece * 8 + w], b.part, q[w]);
        });
    });
}

template <class T, bool is_signed>
void store_pairs(const I (&words)[kScaleWords<T>], int part, PanelRun& out) {
    each<kScaleWords<T>>([&](auto w) __attribute__((always_inline)) {
        store_part(out.pairs[2 * w], part, pair_of<is_signed, false>(words[w]));
        store_part(out.pairs[2 * w + 1], part, pair_of<is_signed, true>(words[w]));
    });
}

template <class T>
[[gnu::flatten]] void unpack_super(const std::byte* panel, int, PanelRun& out) {
    each<kParts>([&](auto part) __attribute__((always_inline)) {
        const Block b{panel, part};
        I scales[kScaleWords<T>];
        if constexpr (T::group < 256) T::scales(b, scales);
        unpack_pieces<T>(b, scales, out);
        if constexpr (T::group < 256 && !T::folds) {
            each<256 / T::group>([&](auto g) __attribute__((always_inline)) {
                store_part(out.scale[g], part, scale_of<T, g>(scales));
            });
        }
        const bool negated = T::folds && !T::has_m;
        store_part(out.d[0], part, negated ? Lanes::negate(T::d(b)) : T::d(b));
        if constexpr (T::has_m) {
            I offsets[kScaleWords<T>];
            T::offsets(b, offsets);
            store_pairs<T, false>(offsets, part, out);
            store_part(out.m[0], part, T::m(b));
        } else if constexpr (T::group < 256 && !T::folds) {
            store_pairs<T, T::signed_scales>(scales, part, out);
        }
    });
}

template <int part, class Row>
auto load_part(const Row* row) {
    return Lanes::load(row + part * Lanes::n);
}

// sums[t] += bytes of quads [first, first + n) times those of token t.
template <int n_tokens, bool wide, int n_quads, int part>
void dot_quads(I (&sums)[n_tokens], const PanelRun& w, int first, const std::int32_t* x) {
    each<n_quads>([&](auto i) __attribute__((always_inline)) {
        const I bytes = Lanes::load(w.q[first + i] + part * 4 * Lanes::n);
        const std::int32_t* words = x + (first + i) * n_tokens;
        each<n_tokens>([&](auto t) __attribute__((always_inline)) {
            sums[t] = dot<wide>(sums[t], bytes, words + t);
        });
    });
}

template <int n_tokens, SimpleForm form, int part>
void multiply_simple_part(
    const PanelRun& w, int n_blocks, const std::int32_t* x, float* sums, std::int64_t stride) {
    constexpr int n_quads = form.columns / 4;
    for (int b = 0; b < n_blocks * form.n_groups; ++b) {
        const std::int32_t* less = x + (less_of(form.columns) + b) * n_tokens;
        const std::int32_t* scales = x + (WordsBy32::scale + b * form.columns / 32) * n_tokens;
        I products[n_tokens];
        each<n_tokens>([&](auto t) __attribute__((always_inline)) {
            products[t] = Lanes::zero();
            if constexpr (kCorrects<form.shift, form.wide>) {
                products[t] = Lanes::shift<form.shift>(Lanes::splat(less[t]));
            }
        });
        dot_quads<n_tokens, form.wide, n_quads, part>(products, w, b * n_quads, x);
        const F d = load_part<part>(w.d[b]);
        each<n_tokens>([&](auto t) __attribute__((always_inline)) {
            float* at = sums + t * stride + part * Lanes::n;
            const F scale = splat_float(scales + t);
            F sum = Lanes::fma(Lanes::to_float(products[t]), Lanes::mul(d, scale), Lanes::load(at));
            if constexpr (form.has_m) {
                const F offset = Lanes::negate(Lanes::to_float(Lanes::splat(less[t])));
                sum = Lanes::fma(offset, Lanes::mul(load_part<part>(w.m[b]), scale), sum);
            }
            Lanes::store(at, sum);
        });
    }
}

// products[t] = the scaled sums of all groups.
template <int n_tokens, SuperForm form, int part>
void dot_groups_of(I (&products)[n_tokens], const PanelRun& w, const std::int32_t* x) {
    each<n_tokens>([&](auto t) { products[t] = Lanes::zero(); });
    if constexpr (form.group == 256) {
        for (int piece = 0; piece < 8; ++piece) {
            dot_quads<n_tokens, form.wide, 8, part>(products, w, piece * 8, x);
        }
    } else {
        for (int g = 0; g < 256 / form.group; ++g) {
            I sums[n_tokens];
            each<n_tokens>([&](auto t) { sums[t] = Lanes::zero(); });
            constexpr int n_quads = form.group / 4;
            dot_quads<n_tokens, form.wide, n_quads, part>(sums, w, g * n_quads, x);
            const I scale = load_part<part>(w.scale[g]);
            each<n_tokens>([&](auto t) __attribute__((always_inline)) {
                products[t] = Lanes::add(products[t], Lanes::mul(scale, sums[t]));
            });
        }
    }
}

// Sum over the pairs of the run times the sums of token t's groups.
template <int n_tokens, SuperForm form, int part>
I dot_pairs_of(const PanelRun& w, const std::int32_t* x, int t) {
    constexpr bool by_32 = form.group == 32;
    constexpr int n = by_32 ? 4 : 8, first = by_32 ? WordsBy256::by_32 : WordsBy256::by_16;
    I sum = Lanes::zero();
    each<n>([&](auto i) __attribute__((always_inline)) {
        sum = Lanes::dot_pairs(sum, load_part<part>(w.pairs[i]), x + (first + i) * n_tokens + t);
    });
    return sum;
}

template <int n_tokens, SuperForm form, int part>
void multiply_super_part(const PanelRun& w,
                         const std::int32_t* x,
                         float* sums,
                         std::int64_t stride) {
    I products[n_tokens];
    dot_groups_of<n_tokens, form, part>(products, w, x);
    const F d = load_part<part>(w.d[0]);
    each<n_tokens>([&](auto t) __attribute__((always_inline)) {
        if constexpr (kCorrects<form.shift, form.wide>) {
            if constexpr (form.group == 256) {
                const I less = Lanes::splat(x[WordsBy256::less * n_tokens + t]);
                products[t] = Lanes::add(products[t], Lanes::shift<form.shift>(less));
            } else {
                const I excess = dot_pairs_of<n_tokens, form, part>(w, x, t);
                products[t] = Lanes::sub(products[t], Lanes::shift<form.shift>(excess));
            }
        }
        float* at = sums + t * stride + part * Lanes::n;
        const F scale = splat_float(x + WordsBy256::scale * n_tokens + t);
        F sum = Lanes::fma(Lanes::to_float(products[t]), Lanes::mul(d, scale), Lanes::load(at));
        if constexpr (form.has_m) {
            const F offset = Lanes::to_float(dot_pairs_of<n_tokens, form, part>(w, x, t));
            sum = Lanes::fma(offset, Lanes::mul(load_part<part>(w.m[0]), scale), sum);
        }
        Lanes::store(at, sum);
    });
}

template <int n_tokens, SimpleForm form>
[[gnu::flatten]] void multiply_simple(
    const PanelRun& w, int n_blocks, const std::int32_t* x, float* sums, std::int64_t stride) {
    each<kParts>([&](auto part) __attribute__((always_inline)) {
        multiply_simple_part<n_tokens, form, part>(w, n_blocks, x, sums, stride);
    });
}

template <int n_tokens, SuperForm form>
[[gnu::flatten]] void multiply_super(
    const PanelRun& w, int, const std::int32_t* x, float* sums, std::int64_t stride) {
    each<kParts>([&](auto part) __attribute__((always_inline)) {
        multiply_super_part<n_tokens, form, part>(w, x, sums, stride);
    });
}

template <SimpleForm form>
constexpr MultiplyRuns kSimpleRuns = {multiply_simple<12, form>,
                                      multiply_simple<8, form>,
                                      multiply_simple<4, form>,
                                      multiply_simple<2, form>,
                                      multiply_simple<1, form>};

template <SuperForm form>
constexpr MultiplyRuns kSuperRuns = {multiply_super<12, form>,
                                     multiply_super<8, form>,
                                     multiply_super<4, form>,
                                     multiply_super<2, form>,
                                     multiply_super<1, form>};

}  // namespace
}  // namespace greenroom::kernels
