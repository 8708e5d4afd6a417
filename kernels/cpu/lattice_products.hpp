// The products of the IQ1, IQ2 and IQ3 types, for 256-bit registers. Include panel_lanes_avx2.hpp
// first. Each sum takes the same steps in the same order as in the plain twin.
#pragma once

#include "kernels/cpu/panel_batches.hpp"
#include "kernels/cpu/panel_lattice.hpp"

namespace greenroom::kernels {
namespace {

// A block's scales as integers, by group.
template <class T>
struct alignas(32) LatticeScales {
    I bytes[kScaleWords<T>];
    std::int32_t of[256 / T::group][Lanes::n];

    explicit LatticeScales(Block b) {
        T::scales(b, bytes);
        each<256 / T::group>([&](auto g) __attribute__((always_inline)) {
            Lanes::store(
                of[g],
                Lanes::bit_and(Lanes::shift<-8 * (g % 4)>(bytes[g / 4]), Lanes::splat(0xff)));
        });
    }
};

// Asks for the lines of n bytes as far ahead as other products do.
[[gnu::always_inline]] inline void prefetch_bytes(const std::byte* bytes, int n) {
    for (int i = 0; i < n; i += 64) __builtin_prefetch(bytes + kBytesAhead + i);
}

// One block of 256 columns.
template <class T>
[[gnu::always_inline]] inline F add_lattice(F sum, Block b, const std::int32_t* x) {
    const LatticeScales<T> scales(b);
    const I excess = dot_groups<T, false>(scales.bytes, x);
    I products = Lanes::sub(Lanes::zero(), Lanes::shift<kPointShift>(excess));
    for (int piece = 0; piece < 8; ++piece) {
        if (b.part == 0) prefetch_bytes(b.bytes + piece * 2 * T::bytes, 2 * T::bytes);
        I q[8];
        T::unpack(b, piece, q);
        const std::int32_t* values = x + WordsBy256::q + piece * 8;
        I low = Lanes::zero(), high = Lanes::zero();
        each<4>([&](auto w) __attribute__((always_inline)) {
            low = Lanes::dot(low, q[w], values + w);
            high = Lanes::dot(high, q[w + 4], values + w + 4);
        });
        if constexpr (T::group == 32) {
            const I scale = Lanes::load(scales.of[piece]);
            products = Lanes::add(products, Lanes::mul(scale, Lanes::add(low, high)));
        } else {
            const I first = Lanes::load(scales.of[2 * piece]);
            const I second = Lanes::load(scales.of[2 * piece + 1]);
            products = Lanes::add(products, Lanes::mul(first, low));
            products = Lanes::add(products, Lanes::mul(second, high));
        }
    }
    const F scale = splat_float(x + WordsBy256::scale);
    return Lanes::fma(Lanes::to_float(products), Lanes::mul(T::d(b), scale), sum);
}

template <class T>
[[gnu::flatten]] void multiply_one_lattice(const PanelsOfOne& op) {
    walk_panels<T, 1>(
        op, [](F sum, Block b, int, const std::int32_t* x) __attribute__((always_inline)) {
            return add_lattice<T>(sum, b, x);
        });
}

template <class T>
[[gnu::flatten]] void unpack_lattice(const std::byte* panel, int, PanelRun& out) {
    each<kParts>([&](auto part) __attribute__((always_inline)) {
        const Block b{panel, part};
        const LatticeScales<T> scales(b);
        for (int piece = 0; piece < 8; ++piece) {
            I q[8];
            T::unpack(b, piece, q);
            each<8>([&](auto w) __attribute__((always_inline)) {
                store_bytes(out.q[piece * 8 + w], part, q[w]);
            });
        }
        for (int g = 0; g < 256 / T::group; ++g) {
            store_part(out.scale[g], part, Lanes::load(scales.of[g]));
        }
        store_pairs<T, false>(scales.bytes, part, out);
        store_part(out.d[0], part, T::d(b));
    });
}

// Runs: by_16 and by_32 multiply runs of types with groups of 16 and of 32 columns.
template <class T, class Runs>
constexpr PanelKernels kLattice = {
    multiply_one_lattice<T>, unpack_lattice<T>, T::group == 16 ? Runs::by_16 : Runs::by_32};

template <class Runs>
const PanelKernels* lattice_kernels_of(BlockType type) {
    switch (type) {
        case BlockType::iq1_s:
            return &kLattice<Iq1S, Runs>;
        case BlockType::iq1_m:
            return &kLattice<Iq1M, Runs>;
        case BlockType::iq2_xxs:
            return &kLattice<Iq2Xxs, Runs>;
        case BlockType::iq2_xs:
            return &kLattice<Iq2Xs, Runs>;
        case BlockType::iq2_s:
            return &kLattice<Iq2S, Runs>;
        case BlockType::iq3_xxs:
            return &kLattice<Iq3Xxs, Runs>;
        case BlockType::iq3_s:
            return &kLattice<Iq3S, Runs>;
        default:
            return nullptr;
    }
}

}  // namespace
}  // namespace greenroom::kernels
