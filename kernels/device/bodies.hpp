// The tables of ops, one for each kind of GPU that bodies are compiled for.
#pragma once

#include "kernels/device/ops.hpp"

namespace greenroom::kernels {

namespace cuda {
const DeviceOps& ops();
}
namespace emulated {
const DeviceOps& ops();
}

}  // namespace greenroom::kernels
