// How code that CPUs and GPUs share is marked, and how it reads the bytes of a block. Knows no
// format.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernels/quant/half.hpp"

// nvcc compiles what is marked so for GPUs alone: its host code reads no blocks.
#if defined(__CUDACC__)
#define GREENROOM_SHARED __device__
#define GREENROOM_SHARED_TABLE static __device__ constexpr
#else
#define GREENROOM_SHARED
#define GREENROOM_SHARED_TABLE inline constexpr
#endif

namespace greenroom::kernels {

// The largest power of two, up to 16, that divides every one of `distances`: how a field is aligned
// whose matrix begins at a multiple of 16 bytes and that lies these distances behind.
template <class... Distances>
constexpr std::size_t alignment_at(Distances... distances) {
    const std::size_t bits = (std::size_t{16} | ... | static_cast<std::size_t>(distances));
    return bits & -bits;
}

#if defined(__CUDACC__)

// Global memory that nobody writes meanwhile, in loads as wide as the alignment allows. Each word
// is shifted right, by less than 8 bits, and whatever on top is for the caller to mask. What is not
// aligned to words is put together from words that are, each of which holds at least a byte of what
// is wanted.
template <std::size_t alignment, int n>
__device__ inline void load_shifted(const void* from, int shift, std::uint32_t (&out)[n]) {
    if constexpr (alignment >= 16 && n % 4 == 0) {
        const auto* fours = static_cast<const uint4*>(from);
        for (int i = 0; i < n / 4; ++i) {
            const uint4 four = __ldg(fours + i);
            out[4 * i] = four.x >> shift;
            out[4 * i + 1] = four.y >> shift;
            out[4 * i + 2] = four.z >> shift;
            out[4 * i + 3] = four.w >> shift;
        }
    } else if constexpr (alignment >= 8 && n % 2 == 0) {
        const auto* twos = static_cast<const uint2*>(from);
        for (int i = 0; i < n / 2; ++i) {
            const uint2 two = __ldg(twos + i);
            out[2 * i] = two.x >> shift;
            out[2 * i + 1] = two.y >> shift;
        }
    } else if constexpr (alignment >= 4) {
        const auto* words = static_cast<const std::uint32_t*>(from);
        for (int i = 0; i < n; ++i) out[i] = __ldg(words + i) >> shift;
    } else {
        const auto address = reinterpret_cast<std::uintptr_t>(from);
        const auto* words = reinterpret_cast<const std::uint32_t*>(address & ~std::uintptr_t{3});
        const auto ahead = static_cast<std::uint32_t>(address & 3) * 8;
        std::uint32_t low = __ldg(words);
        for (int i = 0; i < n; ++i) {
            const bool is_past = i + 1 == n && ahead == 0;
            const std::uint32_t high = is_past ? 0 : __ldg(words + i + 1);
            out[i] = __funnelshift_r(low, high, ahead + static_cast<std::uint32_t>(shift));
            low = high;
        }
    }
}

// The two bytes at an even address.
__device__ inline std::uint32_t load_pair(const void* from) {
    return __ldg(static_cast<const std::uint16_t*>(from));
}

__device__ inline float f16_value(std::uint32_t bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(static_cast<std::uint16_t>(bits)));
    return value;
}

#else

template <std::size_t, int n>
inline void load_shifted(const void* from, int shift, std::uint32_t (&out)[n]) {
    std::memcpy(out, from, sizeof out);
    for (std::uint32_t& word : out) word >>= shift;
}

inline std::uint32_t load_pair(const void* from) {
    std::uint16_t pair;
    std::memcpy(&pair, from, sizeof pair);
    return pair;
}

inline float f16_value(std::uint32_t bits) {
    return f16_to_f32(static_cast<std::uint16_t>(bits));
}

#endif

template <std::size_t alignment, int n>
GREENROOM_SHARED inline void load_words(const void* from, std::uint32_t (&out)[n]) {
    load_shifted<alignment>(from, 0, out);
}

template <std::size_t alignment>
GREENROOM_SHARED inline std::uint32_t load_word(const void* from) {
    std::uint32_t word[1];
    load_words<alignment>(from, word);
    return word[0];
}

// Of a block that has an even number of bytes.
GREENROOM_SHARED inline float load_half(const Half& half) {
    return f16_value(load_pair(&half));
}

}  // namespace greenroom::kernels
