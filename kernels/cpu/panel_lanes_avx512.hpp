// Sixteen rows of a panel in one 512-bit register. For the files that are compiled for AVX-512.
#pragma once

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

namespace greenroom::kernels {
namespace {  // each file that includes this has its own, compiled with its own flags

struct Lanes {
    using I = __m512i;  // 16 integers, or 64 bytes
    using F = __m512;
    static constexpr int n = 16;
    static constexpr bool signed_wide = false;  // dot products take any unsigned byte

    static I zero() { return _mm512_setzero_si512(); }
    static I load(const void* p) { return _mm512_loadu_si512(p); }
    static void store(void* p, I a) { _mm512_storeu_si512(p, a); }
    static I splat(std::int32_t a) { return _mm512_set1_epi32(a); }
    static I splat_bytes(int a) { return _mm512_set1_epi8(static_cast<char>(a)); }
    static I bit_and(I a, I b) { return _mm512_and_si512(a, b); }
    static I bit_or(I a, I b) { return _mm512_or_si512(a, b); }
    static I bit_xor(I a, I b) { return _mm512_xor_si512(a, b); }
    static I add(I a, I b) { return _mm512_add_epi32(a, b); }
    static I sub(I a, I b) { return _mm512_sub_epi32(a, b); }
    static I mul(I a, I b) { return _mm512_mullo_epi32(a, b); }
    static I mul_16(I a, I b) { return _mm512_mullo_epi16(a, b); }
    static I sub_16(I a, I b) { return _mm512_sub_epi16(a, b); }
    static I add_8(I a, I b) { return _mm512_add_epi8(a, b); }
    static I sub_8(I a, I b) { return _mm512_sub_epi8(a, b); }
    // Unsigned bytes: a - b but not below 0; half of a + b + 1.
    static I sub_to_zero_8(I a, I b) { return _mm512_subs_epu8(a, b); }
    static I average_8(I a, I b) { return _mm512_avg_epu8(a, b); }
    // Shifts of 32-bit (16-bit) lanes: to the left where k > 0, else to the right.
    template <int k>
    static I shift(I a) {
        if constexpr (k == 0) return a;
        if constexpr (k > 0) return _mm512_slli_epi32(a, k);
        return _mm512_srli_epi32(a, static_cast<unsigned>(-k));
    }
    template <int k>
    static I shift_signed(I a) {
        return _mm512_srai_epi32(a, k);
    }
    template <int k>
    static I shift_signed_16(I a) {
        return _mm512_srai_epi16(a, k);
    }
    template <int k>
    static I shift_left_16(I a) {
        return _mm512_slli_epi16(a, k);
    }
    static I lookup(const std::uint8_t (&table)[16], I index) {
        const __m128i t = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(t), index);
    }
    // sum + four unsigned bytes of each lane times the four signed bytes of *x.
    static I dot(I sum, I bytes, const std::int32_t* x) {
        return _mm512_dpbusd_epi32(sum, bytes, _mm512_set1_epi32(*x));
    }
    static I dot_wide(I sum, I bytes, const std::int32_t* x) { return dot(sum, bytes, x); }
    // sum + two 16-bit integers of each lane times those of b, or of *x.
    static I dot_pairs(I sum, I a, I b) { return _mm512_dpwssd_epi32(sum, a, b); }
    static I dot_pairs(I sum, I pairs, const std::int32_t* x) {
        return dot_pairs(sum, pairs, _mm512_set1_epi32(*x));
    }

    static F load(const float* p) { return _mm512_loadu_ps(p); }
    static void store(float* p, F a) { _mm512_storeu_ps(p, a); }
    static F splat(float a) { return _mm512_set1_ps(a); }
    static F as_float(I a) { return _mm512_castsi512_ps(a); }
    static F to_float(I a) { return _mm512_cvtepi32_ps(a); }
    static F half(const std::byte* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static F negate(F a) { return _mm512_xor_ps(a, _mm512_set1_ps(-0.0F)); }
    // 0 where the integer is below 0.
    static F clear_where_negative(F a, I sign) {
        return _mm512_maskz_mov_ps(_mm512_cmpge_epi32_mask(sign, _mm512_setzero_si512()), a);
    }
    static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
    static F sub(F a, F b) { return _mm512_sub_ps(a, b); }
    static F min(F a, F b) { return _mm512_min_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    static I widen_8(const std::byte* p) {
        return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    static I widen_16(const std::byte* p) {
        return _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static I max(I a, I b) { return _mm512_max_epi32(a, b); }
};

}  // namespace
}  // namespace greenroom::kernels
