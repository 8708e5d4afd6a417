#include "kernels/cpu/panel_lanes_avx512.hpp"
// after the lanes that they are written in:
#include "kernels/cpu/amx_kernels.hpp"
#include "kernels/cpu/panel_batches.hpp"

namespace greenroom::kernels {
namespace {

// Sums of one tile of tokens with one panel, as the matrix unit leaves them.
using Tile = std::int32_t[kWideTile][kPanelRows];

// Bytes as signed values. Types of 32 columns have room for it and then need no correction.
template <class T>
[[gnu::flatten]] void unpack_simple_signed(const std::byte* panel, int n_blocks, PanelRun& out) {
    unpack_simple<T>(panel, n_blocks, out);
    if constexpr (T::shift > 0) {
        for (int i = 0; i < n_blocks * kGroups<T> * T::columns / 4; ++i) {
            const I bytes = Lanes::load(out.q[i]);
            Lanes::store(out.q[i], Lanes::sub_8(bytes, Lanes::splat_bytes(1 << T::shift)));
        }
    }
}

// Bytes, 2^shift too large, times the scale of each lane: the lower and upper halves of 16 bits go
// to quad `at` of the run.
template <int shift>
void split(I bytes, I scale, int at, PanelRun& out) {
    const I low_bytes = Lanes::splat(0x00ff00ff);
    const I pair =
        Lanes::bit_or(Lanes::bit_and(scale, Lanes::splat(0xffff)), Lanes::shift<16>(scale));
    I even = Lanes::bit_and(bytes, low_bytes);
    I odd = Lanes::bit_and(Lanes::shift<-8>(bytes), low_bytes);
    if constexpr (shift > 0) {
        const I excess = Lanes::splat(0x00010001 << shift);
        even = Lanes::sub_16(even, excess);
        odd = Lanes::sub_16(odd, excess);
    }
    even = Lanes::mul_16(even, pair);
    odd = Lanes::mul_16(odd, pair);
    const I upper_of_odd = Lanes::bit_and(odd, Lanes::splat(static_cast<int>(0xff00ff00U)));
    Lanes::store(out.q[at],
                 Lanes::bit_or(Lanes::bit_and(even, low_bytes),
                               Lanes::shift<8>(Lanes::bit_and(odd, low_bytes))));
    Lanes::store(out.high[at],
                 Lanes::bit_or(Lanes::bit_and(Lanes::shift<-8>(even), low_bytes), upper_of_odd));
}

template <class T>
[[gnu::flatten]] void unpack_split(const std::byte* panel, int, PanelRun& out) {
    const Block b{panel, 0};
    I scales[kScaleWords<T>];
    T::scales(b, scales);
    each<8>([&](auto piece) __attribute__((always_inline)) {
        I q[8];
        T::template unpack<piece>(b, q);
        each<8>([&](auto w) __attribute__((always_inline)) {
            constexpr int g = T::group == 32 ? piece : 2 * piece + w / 4;
            split<T::shift>(q[w], scale_of<T, g>(scales), piece * 8 + w, out);
        });
    });
    Lanes::store(out.d[0], T::d(b));
    if constexpr (T::has_m) {
        I offsets[kScaleWords<T>];
        T::offsets(b, offsets);
        store_pairs<T, false>(offsets, 0, out);
        Lanes::store(out.m[0], T::m(b));
    }
}

template <BlockType type, int group>
void unpack_split_lattice(const std::byte* panel, int n_blocks, PanelRun& out) {
    avx512_lattice_kernels(type)->unpack(panel, n_blocks, out);
    for (int i = 0; i < kRunColumns / 4; ++i) {
        split<kPointShift>(Lanes::load(out.q[i]), Lanes::load(out.scale[i * 4 / group]), i, out);
    }
}

// Whether scaled values need 16 bits.
template <class T>
constexpr bool kIsSplit = !T::folds && T::group < 256;

template <class T>
constexpr auto unpack_for_tiles() {
    if constexpr (kIsSplit<T>) {
        return unpack_split<T>;
    } else {
        return unpack_super<T>;
    }
}

// Tiles 0 to 3 hold sums, 4 and 5 tokens, 6 and 7 weights.

// n: groups of `columns` columns.
template <bool has_m, int columns>
void add_simple_tile(const PanelRun& w,
                     int n,
                     const Tile* tiles,
                     const std::int32_t* words,
                     float* sums,
                     std::int64_t stride) {
    for (int t = 0; t < kWideTile; ++t) {
        F sum = Lanes::load(sums + t * stride);
        for (int b = 0; b < n; ++b) {
            const int word = WordsBy32::scale + b * columns / 32;
            const F scale = splat_float(words + word * kWideTile + t);
            const F products = Lanes::to_float(Lanes::load(tiles[b][t]));
            sum = Lanes::fma(products, Lanes::mul(Lanes::load(w.d[b]), scale), sum);
            if constexpr (has_m) {
                const I less = Lanes::splat(words[(WordsBy32::less + b) * kWideTile + t]);
                const F offset = Lanes::negate(Lanes::to_float(less));
                sum = Lanes::fma(offset, Lanes::mul(Lanes::load(w.m[b]), scale), sum);
            }
        }
        Lanes::store(sums + t * stride, sum);
    }
}

template <bool has_m, int columns, int n_groups>
[[gnu::flatten]] void multiply_simple_tiles(
    const PanelRun& w, int n_blocks, const WideTiles& x, float* sums, std::int64_t stride) {
    alignas(64) Tile tiles[2][kRunColumns / columns];
    const std::int8_t* second = x.q + (x.n_tiles - 1) * kWideTile * x.q_stride;
    for (int b = 0; b < n_blocks * n_groups; ++b) {
        _tile_zero(0);
        _tile_zero(1);
        _tile_loadd(6, w.q[b * columns / 4], 64);
        _tile_loadd(4, x.q + b * columns, x.q_stride);
        _tile_loadd(5, second + b * columns, x.q_stride);
        if constexpr (has_m) {
            _tile_dpbsud(0, 4, 6);
            _tile_dpbsud(1, 5, 6);
        } else {
            _tile_dpbssd(0, 4, 6);
            _tile_dpbssd(1, 5, 6);
        }
        _tile_stored(0, tiles[0][b], 64);
        _tile_stored(1, tiles[1][b], 64);
    }
    for (int i = 0; i < x.n_tiles; ++i) {
        add_simple_tile<has_m, columns>(w,
                                        n_blocks * n_groups,
                                        tiles[i],
                                        x.words + i * x.words_stride,
                                        sums + i * kWideTile * stride,
                                        stride);
    }
}

// What is to be done with the sums of a type of 256 columns.
struct WideForm {
    bool split;   // two planes of bytes
    int less;     // the sum of activations times 2^less is to be taken away; 0: nothing
    int n_pairs;  // of offsets; 0: none
};

template <class T>
constexpr WideForm kWideForm = {.split = kIsSplit<T>,
                                .less = T::group == 256         ? T::shift
                                        : T::folds && !T::has_m ? 7
                                                                : 0,
                                .n_pairs = T::has_m ? 2 * kScaleWords<T> : 0};

template <WideForm form>
void add_super_tile(const PanelRun& w,
                    const Tile& low,
                    const Tile& high,
                    const std::int32_t* words,
                    float* sums,
                    std::int64_t stride) {
    constexpr int first = form.n_pairs == 4 ? WordsBy256::by_32 : WordsBy256::by_16;
    const F d = Lanes::load(w.d[0]);
    for (int t = 0; t < kWideTile; ++t) {
        I products = Lanes::load(low[t]);
        if constexpr (form.split) {
            products = Lanes::add(products, Lanes::shift<8>(Lanes::load(high[t])));
        }
        if constexpr (form.less > 0) {
            const I less = Lanes::splat(words[WordsBy256::less * kWideTile + t]);
            products = Lanes::add(products, Lanes::shift<form.less>(less));
        }
        const F scale = splat_float(words + WordsBy256::scale * kWideTile + t);
        F sum = Lanes::fma(
            Lanes::to_float(products), Lanes::mul(d, scale), Lanes::load(sums + t * stride));
        if constexpr (form.n_pairs > 0) {
            I offsets = Lanes::zero();
            each<form.n_pairs>([&](auto i) __attribute__((always_inline)) {
                offsets = Lanes::dot_pairs(
                    offsets, Lanes::load(w.pairs[i]), words + (first + i) * kWideTile + t);
            });
            sum = Lanes::fma(Lanes::to_float(offsets), Lanes::mul(Lanes::load(w.m[0]), scale), sum);
        }
        Lanes::store(sums + t * stride, sum);
    }
}

template <WideForm form>
[[gnu::flatten]] void multiply_super_tiles(
    const PanelRun& w, int, const WideTiles& x, float* sums, std::int64_t stride) {
    alignas(64) Tile low[2], high[2];
    const std::int8_t* second = x.q + (x.n_tiles - 1) * kWideTile * x.q_stride;
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int k = 0; k < 4; ++k) {
        _tile_loadd(4, x.q + k * 64, x.q_stride);
        _tile_loadd(5, second + k * 64, x.q_stride);
        _tile_loadd(6, w.q[k * 16], 64);
        _tile_dpbsud(0, 4, 6);
        _tile_dpbsud(1, 5, 6);
        if constexpr (form.split) {
            _tile_loadd(7, w.high[k * 16], 64);
            _tile_dpbssd(2, 4, 7);
            _tile_dpbssd(3, 5, 7);
        }
    }
    _tile_stored(0, low[0], 64);
    _tile_stored(1, low[1], 64);
    if constexpr (form.split) {
        _tile_stored(2, high[0], 64);
        _tile_stored(3, high[1], 64);
    }
    for (int i = 0; i < x.n_tiles; ++i) {
        add_super_tile<form>(w,
                             low[i],
                             high[i],
                             x.words + i * x.words_stride,
                             sums + i * kWideTile * stride,
                             stride);
    }
}

template <class T>
constexpr AmxKernels kSimpleTiles = {
    T::columns, unpack_simple_signed<T>, multiply_simple_tiles<T::has_m, T::columns, kGroups<T>>};

template <class T>
constexpr AmxKernels kSuperTiles = {64, unpack_for_tiles<T>(), multiply_super_tiles<kWideForm<T>>};

// Points on a lattice, with scales of `group` columns.
template <BlockType type, int group>
constexpr AmxKernels kLatticeTiles = {
    64,
    unpack_split_lattice<type, group>,
    multiply_super_tiles<WideForm{.split = true, .less = 0, .n_pairs = 0}>};

// As the processor reads it.
struct alignas(64) Configuration {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {};
    std::uint8_t rows[16] = {};
};

}  // namespace

const AmxKernels* amx_kernels(BlockType type) {
    switch (type) {
        case BlockType::q4_0:
            return &kSimpleTiles<Q4_0>;
        case BlockType::q4_1:
            return &kSimpleTiles<Q4_1>;
        case BlockType::q5_0:
            return &kSimpleTiles<Q5_0>;
        case BlockType::q5_1:
            return &kSimpleTiles<Q5_1>;
        case BlockType::q8_0:
            return &kSimpleTiles<Q8_0>;
        case BlockType::iq4_nl:
            return &kSimpleTiles<Iq4Nl>;
        case BlockType::mxfp4:
            return &kSimpleTiles<Mxfp4>;
        case BlockType::nvfp4:
            return &kSimpleTiles<Nvfp4>;
        case BlockType::q2_k:
            return &kSuperTiles<Q2K>;
        case BlockType::q3_k:
            return &kSuperTiles<Q3K>;
        case BlockType::q4_k:
            return &kSuperTiles<Q4K>;
        case BlockType::q5_k:
            return &kSuperTiles<Q5K>;
        case BlockType::q6_k:
            return &kSuperTiles<Q6K>;
        case BlockType::iq4_xs:
            return &kSuperTiles<Iq4Xs>;
        case BlockType::tq1_0:
            return &kSuperTiles<Tq1_0>;
        case BlockType::tq2_0:
            return &kSuperTiles<Tq2_0>;
        case BlockType::iq1_s:
            return &kLatticeTiles<BlockType::iq1_s, 32>;
        case BlockType::iq1_m:
            return &kLatticeTiles<BlockType::iq1_m, 16>;
        case BlockType::iq2_xxs:
            return &kLatticeTiles<BlockType::iq2_xxs, 32>;
        case BlockType::iq2_xs:
            return &kLatticeTiles<BlockType::iq2_xs, 16>;
        case BlockType::iq2_s:
            return &kLatticeTiles<BlockType::iq2_s, 16>;
        case BlockType::iq3_xxs:
            return &kLatticeTiles<BlockType::iq3_xxs, 32>;
        case BlockType::iq3_s:
            return &kLatticeTiles<BlockType::iq3_s, 32>;
        default:
            return nullptr;
    }
}

void configure_tiles(int columns) {
    Configuration c;
    for (int tile = 0; tile < 8; ++tile) {
        c.row_bytes[tile] = 64;
        c.rows[tile] = 16;
    }
    for (const int tokens : {4, 5}) c.row_bytes[tokens] = static_cast<std::uint16_t>(columns);
    for (const int weights : {6, 7}) c.rows[weights] = static_cast<std::uint8_t>(columns / 4);
    // The intrinsic of GCC 12 names 8 of the 64 bytes that it reads; this names all.
    __asm__ volatile("" : : "m"(c));
    _tile_loadconfig(&c);
}

void release_tiles() {
    _tile_release();
}

}  // namespace greenroom::kernels
