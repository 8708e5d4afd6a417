// How fast this machine reads memory: the bound on decoding. Knows no model.
#pragma once

#include <cstddef>

#include "kernels/thread_pool.hpp"

namespace greenroom::perf {

// Bytes per second that the threads of `pool` read together from a buffer of `buffer_bytes`, best
// of `passes`. The buffer must be several times the last-level cache.
double read_bandwidth(kernels::ThreadPool& pool,
                      std::size_t buffer_bytes = std::size_t{1} << 30,
                      int passes = 5);

}  // namespace greenroom::perf
