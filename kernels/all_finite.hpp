// Whether numbers are all finite: the check that damaged weights do not pass.
#pragma once

#include <cstdint>

#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// No NaN and no infinity among n numbers.
bool all_finite(const float* x, std::int64_t n, ThreadPool& pool);

}  // namespace greenroom::kernels
