// Sixteen floats in one register: what the vector bodies are written in. Only for sources compiled
// for AVX-512.
#pragma once

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

namespace greenroom::kernels {
namespace {  // one copy per source: a linker must never hand these instructions to other code

struct LanesAvx512 {
    using Vector = __m512;
    static constexpr int kLanes = 16;

    static Vector zero() { return _mm512_setzero_ps(); }
    static Vector fill(float x) { return _mm512_set1_ps(x); }
    static Vector load(const float* p) { return _mm512_loadu_ps(p); }
    static Vector load_f16(const std::byte* p) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    static Vector load_bf16(const std::byte* p) {
        const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
    }
    static Vector load_i8(const std::byte* p) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
    }
    static void store(float* p, Vector v) { _mm512_storeu_ps(p, v); }
    static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
    static Vector subtract(Vector a, Vector b) { return _mm512_sub_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
    static Vector divide(Vector a, Vector b) { return _mm512_div_ps(a, b); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
    static Vector max(Vector a, Vector b) { return _mm512_max_ps(a, b); }
    static Vector min(Vector a, Vector b) { return _mm512_min_ps(a, b); }
    static Vector round(Vector v) {
        return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    // v * 2^n for whole n.
    static Vector scale_by_power(Vector v, Vector n) { return _mm512_scalef_ps(v, n); }
    static float sum(Vector v) { return _mm512_reduce_add_ps(v); }
    static float largest(Vector v) { return _mm512_reduce_max_ps(v); }

    // Turns rows into columns: lane j of v[i] becomes lane i of v[j].
    static void transpose(Vector (&v)[kLanes]) {
        __m512 t[16];
        for (int i = 0; i < 16; i += 2) {
            t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
            t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
        }
        for (int i = 0; i < 16; i += 4) {
            v[i] = pairs_low(t[i], t[i + 2]);
            v[i + 1] = pairs_high(t[i], t[i + 2]);
            v[i + 2] = pairs_low(t[i + 1], t[i + 3]);
            v[i + 3] = pairs_high(t[i + 1], t[i + 3]);
        }
        for (int i = 0; i < 4; ++i) {
            t[i] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0x88);
            t[i + 4] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0xdd);
            t[i + 8] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0x88);
            t[i + 12] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0xdd);
        }
        for (int i = 0; i < 8; ++i) {
            v[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
            v[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
        }
    }

 private:
    static __m512 pairs_low(__m512 a, __m512 b) {
        return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
    }
    static __m512 pairs_high(__m512 a, __m512 b) {
        return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
    }
};

}  // namespace
}  // namespace greenroom::kernels
