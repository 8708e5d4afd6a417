// Puts weights into the layout that products read fastest. The bytes stay as many.
#pragma once

#include <cstddef>

#include "kernels/cpu/path.hpp"
#include "kernels/matrix.hpp"
#include "kernels/thread_pool.hpp"

namespace greenroom::kernels {

// The layout in which products on `path` read weights of `type` fastest.
Layout preferred_layout(BlockType type, CpuPath path);

// Repacks w, which lies in rows at `bytes` (= w.data), in place, and returns it in panels. Every
// op takes the result in place of w and gives the same bits.
Matrix to_panels(const Matrix& w, std::byte* bytes, ThreadPool& pool);

}  // namespace greenroom::kernels
