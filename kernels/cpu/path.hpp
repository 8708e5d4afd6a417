// The instruction sets that products have code for, and which of them this machine runs. Knows no
// op.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace greenroom::kernels {

// From slow to fast. Every path gives the same bits.
enum class CpuPath {
    plain,     // portable C++
    avx2,      // AVX2, FMA, F16C
    avx_vnni,  // and the 8-bit dot product on 256-bit registers
    avx512,    // AVX-512 F, BW, DQ, VL, VNNI
    amx,       // and 8-bit matrix tiles
};

std::string_view name(CpuPath path);
std::optional<CpuPath> cpu_path_named(std::string_view name);

// Whether this build has the code, the processor the instructions, and the system saves their
// registers. `plain` always is.
bool is_available(CpuPath path);
std::span<const CpuPath> available_cpu_paths();  // from slow to fast
CpuPath best_cpu_path();

}  // namespace greenroom::kernels
