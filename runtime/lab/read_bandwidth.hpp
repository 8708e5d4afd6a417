// How fast this machine reads memory: the bound on decoding. Knows no model.
#pragma once

#include <cstddef>
#include <optional>

#include "kernels/thread_pool.hpp"

namespace greenroom::runtime {

// 1 GiB, several times the last-level caches there are, but at most a quarter of the memory that is
// available.
std::size_t bandwidth_buffer_bytes();

// Bytes per second that the threads of `pool` read together from a buffer of `buffer_bytes`, best
// of `passes`. Empty when the system refuses the memory.
std::optional<double> read_bandwidth(kernels::ThreadPool& pool,
                                     std::size_t buffer_bytes = bandwidth_buffer_bytes(),
                                     int passes = 3);

}  // namespace greenroom::runtime
