// The words that device bodies are written in. A body is a struct of plain values with
//     GREENROOM_DEVICE void operator()(const Thread& thread) const;
// which every thread of a launch runs. The same source is compiled by nvcc for a GPU and by the
// host compiler against an emulation (kernels/device/emulated/thread.hpp), in namespaces of their
// own, so that one program can hold both.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/device/device.hpp"

#if defined(__CUDACC__)
#include "kernels/device/cuda/thread.cuh"
#define GREENROOM_BODIES cuda
#else
#include "kernels/device/emulated/thread.hpp"
#define GREENROOM_BODIES emulated
#endif

namespace greenroom::kernels::GREENROOM_BODIES {

// Runs body(thread) for every thread of `shape` on `stream`.
template <class Body>
void run_body(const char* name, const Body& body, const LaunchShape& shape, Stream& stream) {
    static_assert(std::is_trivially_copyable_v<Body>, "a launch copies its body");
    stream.launch({name, entry_of<Body>(), &body, sizeof body}, shape);
}

// As many groups of `size` as hold n.
constexpr std::int64_t groups_of(std::int64_t n, std::int64_t size) {
    return (n + size - 1) / size;
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
