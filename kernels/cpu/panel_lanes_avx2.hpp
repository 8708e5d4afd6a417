// Eight rows of a panel in one 256-bit register. For the files that are compiled for AVX2, with or
// without AVX-VNNI or AVX-512.
#pragma once

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

namespace greenroom::kernels {
namespace {  // each file that includes this has its own, compiled with its own flags

struct Lanes {
    using I = __m256i;  // 8 integers, or 32 bytes
    using F = __m256;
    static constexpr int n = 8;
#if defined(__AVXVNNI__) || defined(__AVX512VNNI__)
    static constexpr bool signed_wide = false;
#else
    static constexpr bool signed_wide = true;  // bytes above 127 are taken as signed, less 128
#endif

    static I zero() {
        return _mm256_setzero_si256();
    }
    static I load(const void* p) {
        return _mm256_loadu_si256(static_cast<const __m256i*>(p));
    }
    static void store(void* p, I a) {
        _mm256_storeu_si256(static_cast<__m256i*>(p), a);
    }
    static I splat(std::int32_t a) {
        return _mm256_set1_epi32(a);
    }
    static I splat_bytes(int a) {
        return _mm256_set1_epi8(static_cast<char>(a));
    }
    static I bit_and(I a, I b) {
        return _mm256_and_si256(a, b);
    }
    static I bit_or(I a, I b) {
        return _mm256_or_si256(a, b);
    }
    static I bit_xor(I a, I b) {
        return _mm256_xor_si256(a, b);
    }
    static I add(I a, I b) {
        return _mm256_add_epi32(a, b);
    }
    static I sub(I a, I b) {
        return _mm256_sub_epi32(a, b);
    }
    static I mul(I a, I b) {
        return _mm256_mullo_epi32(a, b);
    }
    static I mul_16(I a, I b) {
        return _mm256_mullo_epi16(a, b);
    }
    static I sub_16(I a, I b) {
        return _mm256_sub_epi16(a, b);
    }
    static I add_8(I a, I b) {
        return _mm256_add_epi8(a, b);
    }
    static I sub_8(I a, I b) {
        return _mm256_sub_epi8(a, b);
    }
    // Unsigned bytes: a - b but not below 0; half of a + b + 1.
    static I sub_to_zero_8(I a, I b) {
        return _mm256_subs_epu8(a, b);
    }
    static I average_8(I a, I b) {
        return _mm256_avg_epu8(a, b);
    }
    template <int k>
    static I shift(I a) {
        if constexpr (k == 0) return a;
        if constexpr (k > 0) return _mm256_slli_epi32(a, k);
        return _mm256_srli_epi32(a, -k);
    }
    template <int k>
    static I shift_signed(I a) {
        return _mm256_srai_epi32(a, k);
    }
    template <int k>
    static I shift_signed_16(I a) {
        return _mm256_srai_epi16(a, k);
    }
    template <int k>
    static I shift_left_16(I a) {
        return _mm256_slli_epi16(a, k);
    }
    static I lookup(const std::uint8_t (&table)[16], I index) {
        const __m128i t = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(t), index);
    }
#if defined(__AVX512VNNI__)
    static I dot(I sum, I bytes, const std::int32_t* x) {
        return _mm256_dpbusd_epi32(sum, bytes, _mm256_set1_epi32(*x));
    }
    static I dot_wide(I sum, I bytes, const std::int32_t* x) {
        return dot(sum, bytes, x);
    }
    static I dot_pairs(I sum, I a, I b) {
        return _mm256_dpwssd_epi32(sum, a, b);
    }
#elif defined(__AVXVNNI__)
    static I dot(I sum, I bytes, const std::int32_t* x) {
        return _mm256_dpbusd_avx_epi32(sum, bytes, _mm256_set1_epi32(*x));
    }
    static I dot_wide(I sum, I bytes, const std::int32_t* x) {
        return dot(sum, bytes, x);
    }
    static I dot_pairs(I sum, I a, I b) {
        return _mm256_dpwssd_avx_epi32(sum, a, b);
    }
#else
    // Two products of at most 127 * 127 fit 16 bits.
    static I dot(I sum, I bytes, const std::int32_t* x) {
        const I twos = _mm256_maddubs_epi16(bytes, _mm256_set1_epi32(*x));
        return add(sum, _mm256_madd_epi16(twos, _mm256_set1_epi16(1)));
    }
    // Larger bytes would not: they become signed, and their signs go to the activations.
    static I dot_wide(I sum, I bytes, const std::int32_t* x) {
        const I w = bit_xor(bytes, splat_bytes(0x80));
        const I signs = _mm256_sign_epi8(_mm256_set1_epi32(*x), w);
        const I twos = _mm256_maddubs_epi16(_mm256_abs_epi8(w), signs);
        return add(sum, _mm256_madd_epi16(twos, _mm256_set1_epi16(1)));
    }
    static I dot_pairs(I sum, I a, I b) {
        return add(sum, _mm256_madd_epi16(a, b));
    }
#endif
    static I dot_pairs(I sum, I pairs, const std::int32_t* x) {
        return dot_pairs(sum, pairs, _mm256_set1_epi32(*x));
    }

    static F load(const float* p) {
        return _mm256_loadu_ps(p);
    }
    static void store(float* p, F a) {
        _mm256_storeu_ps(p, a);
    }
    static F splat(float a) {
        return _mm256_set1_ps(a);
    }
    static F as_float(I a) {
        return _mm256_castsi256_ps(a);
    }
    static F to_float(I a) {
        return _mm256_cvtepi32_ps(a);
    }
    static F half(const std::byte* p) {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static F negate(F a) {
        return _mm256_xor_ps(a, _mm256_set1_ps(-0.0F));
    }
    // 0 where the integer is below 0.
    static F clear_where_negative(F a, I sign) {
        return _mm256_castsi256_ps(
            _mm256_andnot_si256(_mm256_srai_epi32(sign, 31), _mm256_castps_si256(a)));
    }
    static F mul(F a, F b) {
        return _mm256_mul_ps(a, b);
    }
    static F sub(F a, F b) {
        return _mm256_sub_ps(a, b);
    }
    static F min(F a, F b) {
        return _mm256_min_ps(a, b);
    }
    static F fma(F a, F b, F c) {
        return _mm256_fmadd_ps(a, b, c);
    }
    static I widen_8(const std::byte* p) {
        return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
    }
    static I widen_16(const std::byte* p) {
        return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static I max(I a, I b) {
        return _mm256_max_epi32(a, b);
    }

    // What points on a lattice need.

    static I shift_right(I a, int k) {
        return _mm256_srl_epi32(a, _mm_cvtsi32_si128(k));
    }
    // Eight halves, each in the lower bits of an integer.
    static F half_of(I bits) {
        const I packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(bits, bits), 0x08);
        return _mm256_cvtph_ps(_mm256_castsi256_si128(packed));
    }
    // Byte p of each lane, four times.
    template <int p>
    static I repeat_byte(I a) {
        const __m128i index = _mm_set_epi32(0x0c0c0c0c + p * 0x01010101,
                                            0x08080808 + p * 0x01010101,
                                            0x04040404 + p * 0x01010101,
                                            p * 0x01010101);
        return _mm256_shuffle_epi8(a, _mm256_broadcastsi128_si256(index));
    }
    // 128 less a byte where `bits` has one of `mask`, the byte elsewhere.
    template <int mask>
    static I negate_64(I bytes, I bits) {
#if defined(__AVX512BW__) && defined(__AVX512VL__)
        const __mmask32 negative = _mm256_test_epi8_mask(bits, splat(mask));
        return _mm256_mask_sub_epi8(bytes, negative, splat_bytes(0x80), bytes);
#else
        const I negative = _mm256_cmpeq_epi8(bit_and(bits, splat(mask)), splat(mask));
        return sub_8(bit_xor(bytes, negative), bit_and(negative, splat_bytes(0x7f)));
#endif
    }
    // table[index(row)] for the 8 rows.
    template <class Index>
    static I four_of(const std::uint32_t* table, Index index) {
        const auto at = [&](int row) { return static_cast<int>(table[index(row)]); };
        return _mm256_setr_epi32(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7));
    }
    // Entries of 8 bytes: their lower halves in q[0], their upper ones in q[1].
    template <class Index>
    static void eight_of(const std::uint64_t* table, Index index, I* q) {
        const auto two = [&](int row) {
            const auto* first = reinterpret_cast<const __m128i*>(table + index(row));
            const auto* second = reinterpret_cast<const __m64*>(table + index(row + 1));
            return _mm_loadh_pi(_mm_castsi128_ps(_mm_loadl_epi64(first)), second);
        };
        const auto four = [&](int row) {
            return _mm256_insertf128_ps(_mm256_castps128_ps256(two(row)), two(row + 4), 1);
        };
        const F first = four(0), second = four(2);
        q[0] = _mm256_castps_si256(_mm256_shuffle_ps(first, second, 0x88));
        q[1] = _mm256_castps_si256(_mm256_shuffle_ps(first, second, 0xdd));
    }
};

}  // namespace
}  // namespace greenroom::kernels
