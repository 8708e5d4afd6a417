// Blocks unpacked by the code that GPUs run, compiled for the host with the GPU's instructions as
// functions.
#pragma once

#include <cstddef>

#include "kernels/block_type.hpp"
#include "kernels/quant/normal_block.hpp"

namespace greenroom::tests {

// As NormalForm::unpack. Matrices begin at multiples of 16 bytes; a load that is not aligned as
// GPUs want it ends the program.
void unpack_as_on_gpu(kernels::BlockType type,
                      const std::byte* block,
                      int part,
                      kernels::NormalBlock& out);

}  // namespace greenroom::tests
