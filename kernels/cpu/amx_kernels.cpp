#include "kernels/cpu/amx_kernels.hpp"

namespace greenroom::kernels {

#if defined(__x86_64__)

const AmxKernels* find_amx_kernels(CpuPath path, BlockType type) {
    return path == CpuPath::amx ? amx_kernels(type) : nullptr;
}

TileConfiguration::TileConfiguration(int columns) {
    configure_tiles(columns);
}

TileConfiguration::~TileConfiguration() {
    release_tiles();
}

#else

const AmxKernels* find_amx_kernels(CpuPath, BlockType) {
    return nullptr;
}

TileConfiguration::TileConfiguration(int) {}
TileConfiguration::~TileConfiguration() = default;

#endif

}  // namespace greenroom::kernels
