// A thread of a launch on the emulated GPU: the vocabulary in plain C++. What it means is what it
// means on a card; how fast it is does not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/require.hpp"

#define GREENROOM_DEVICE
#define GREENROOM_UNROLL(n)
#define GREENROOM_TABLE static constexpr  // an array that bodies read

namespace greenroom::kernels::emulated {

class Block;

class Thread {
 public:
    static constexpr unsigned kWarp = 32;

    // Where a thread is in its launch.
    struct Place {
        unsigned index, n_threads, block_x, block_y, block_z;
    };
    Thread(Block& block, const Place& place) : block_(&block), place_(place) {}

    unsigned index() const { return place_.index; }
    unsigned n_threads() const { return place_.n_threads; }
    unsigned block_x() const { return place_.block_x; }
    unsigned block_y() const { return place_.block_y; }
    unsigned block_z() const { return place_.block_z; }
    unsigned lane() const { return place_.index % kWarp; }
    unsigned warp() const { return place_.index / kWarp; }
    unsigned n_warps() const { return place_.n_threads / kWarp; }

    void barrier() const;
    void warp_barrier() const;

    template <class T>
    T* shared(std::size_t byte = 0) const {
        return reinterpret_cast<T*>(shared_memory() + byte);
    }

    template <class T>
    T shuffle(T value, unsigned from_lane) const {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));
        std::uint64_t bits = 0;
        std::memcpy(&bits, &value, sizeof value);
        bits = exchange(bits, from_lane % kWarp);
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
    template <class T>
    T shuffle_xor(T value, unsigned mask) const {
        return shuffle(value, lane() ^ mask);
    }

    // A card faults at loads of words that begin elsewhere; here nothing would be noticed.
    void expect_aligned(const void* at, std::size_t alignment) const {
        require(reinterpret_cast<std::uintptr_t>(at) % alignment == 0,
                "a body reads words where a card cannot");
    }

    std::int32_t dot4(std::int32_t a, std::int32_t b, std::int32_t c) const {
        for (int i = 0; i < 32; i += 8) {
            c += static_cast<std::int8_t>(a >> i) * static_cast<std::int8_t>(b >> i);
        }
        return c;
    }
    float rounded_product(float a, float b) const { return a * b; }
    // One thread runs at a time, and gives way at barriers only.
    std::int32_t atomic_add(std::int32_t* at, std::int32_t value) const {
        const std::int32_t before = *at;
        *at += value;
        return before;
    }

 private:
    std::byte* shared_memory() const;
    // Gives `bits` to the warp and returns those of `from_lane`.
    std::uint64_t exchange(std::uint64_t bits, unsigned from_lane) const;

    Block* block_;
    Place place_;
};

// What a launch on the emulated GPU runs: `argument` is the body.
using Entry = void (*)(const void* argument, const Thread& thread);

template <class Body>
const void* entry_of() {
    const Entry entry = [](const void* argument, const Thread& thread) {
        (*static_cast<const Body*>(argument))(thread);
    };
    return reinterpret_cast<const void*>(entry);
}

}  // namespace greenroom::kernels::emulated
