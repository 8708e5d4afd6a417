// A thread of a launch on a CUDA device: the vocabulary as its instructions.
#pragma once

#include <cstddef>
#include <cstdint>

#define GREENROOM_DEVICE __device__
#define GREENROOM_PRAGMA(text) _Pragma(#text)
#define GREENROOM_UNROLL(n) GREENROOM_PRAGMA(unroll(n))  // the loop that follows
#define GREENROOM_TABLE static __device__ const          // an array that bodies read

namespace greenroom::kernels::cuda {

class Thread {
 public:
    static constexpr unsigned kWarp = 32;

    __device__ unsigned index() const { return threadIdx.x; }
    __device__ unsigned n_threads() const { return blockDim.x; }
    __device__ unsigned block_x() const { return blockIdx.x; }
    __device__ unsigned block_y() const { return blockIdx.y; }
    __device__ unsigned block_z() const { return blockIdx.z; }
    __device__ unsigned lane() const { return threadIdx.x % kWarp; }
    __device__ unsigned warp() const { return threadIdx.x / kWarp; }
    __device__ unsigned n_warps() const { return blockDim.x / kWarp; }

    // All threads of the block get here before any goes on.
    __device__ void barrier() const { __syncthreads(); }
    // The same for the 32 threads of a warp.
    __device__ void warp_barrier() const { __syncwarp(); }

    // The block's shared memory, from `byte` (a multiple of alignof(T)) on.
    template <class T>
    __device__ T* shared(std::size_t byte = 0) const {
        extern __shared__ __align__(16) unsigned char memory[];
        return reinterpret_cast<T*>(memory + byte);
    }

    // The value of another lane. All 32 lanes take part.
    template <class T>
    __device__ T shuffle(T value, unsigned from_lane) const {
        return __shfl_sync(~0U, value, from_lane);
    }
    template <class T>
    __device__ T shuffle_xor(T value, unsigned mask) const {
        return __shfl_xor_sync(~0U, value, mask);
    }

    // A contract: a card faults where it is broken.
    __device__ void expect_aligned(const void*, std::size_t) const {}

    // c + the sum of products of the four signed bytes of a and b.
    __device__ std::int32_t dot4(std::int32_t a, std::int32_t b, std::int32_t c) const {
        return __dp4a(a, b, c);
    }
    // a * b as a float, before anything is added to it.
    __device__ float rounded_product(float a, float b) const { return __fmul_rn(a, b); }
    __device__ std::int32_t atomic_add(std::int32_t* at, std::int32_t value) const {
        return atomicAdd(at, value);
    }
};

template <class Body>
__global__ void run_entry(Body body) {
    body(Thread());
}

// For bodies that say of how many threads their blocks are, and how many blocks a multiprocessor
// should have registers for.
template <class Body>
__global__ void __launch_bounds__(Body::kThreads, Body::kBlocksAtOnce) run_bounded(Body body) {
    body(Thread());
}

template <class Body>
const void* entry_of() {
    if constexpr (requires { Body::kBlocksAtOnce; }) {
        return reinterpret_cast<const void*>(&run_bounded<Body>);
    } else {
        return reinterpret_cast<const void*>(&run_entry<Body>);
    }
}

}  // namespace greenroom::kernels::cuda
