#include "kernels/cpu/path.hpp"

#include <array>
#include <cstddef>
#include <vector>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace greenroom::kernels {
namespace {

struct Named {
    CpuPath path;
    std::string_view name;
};
constexpr std::array<Named, 5> kPaths = {{{CpuPath::plain, "plain"},
                                          {CpuPath::avx2, "avx2"},
                                          {CpuPath::avx_vnni, "avx_vnni"},
                                          {CpuPath::avx512, "avx512"},
                                          {CpuPath::amx, "amx"}}};

#if defined(__x86_64__) && defined(__linux__)

struct Leaf {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Leaf cpuid(unsigned leaf, unsigned subleaf) {
    Leaf r;
    if (__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx) == 0) return {};
    return r;
}

bool has(unsigned word, std::initializer_list<int> bits) {
    for (const int bit : bits) {
        if (((word >> bit) & 1U) == 0) return false;
    }
    return true;
}

// The register states that the system saves (XCR0); 0 where it cannot be asked.
unsigned saved_states() {
    if (!has(cpuid(1, 0).ecx, {27})) return 0;  // OSXSAVE
    unsigned low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

// Linux hands out the 8 KiB tile state only to processes that ask for it.
bool tiles_permitted() {
    constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
    constexpr long kTileData = 18;
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool runs(CpuPath path) {
    const Leaf basic = cpuid(1, 0), extended = cpuid(7, 0), further = cpuid(7, 1);
    const unsigned saved = saved_states();
    switch (path) {
        case CpuPath::plain:
            return true;
        case CpuPath::avx2:  // FMA, F16C, AVX; AVX2; xmm and ymm saved
            return has(basic.ecx, {12, 29, 28}) && has(extended.ebx, {5}) && has(saved, {1, 2});
        case CpuPath::avx_vnni:
            return runs(CpuPath::avx2) && has(further.eax, {4});
        case CpuPath::avx512:  // F, DQ, BW, VL; VNNI; masks and zmm saved
            return runs(CpuPath::avx2) && has(extended.ebx, {16, 17, 30, 31}) &&
                   has(extended.ecx, {11}) && has(saved, {5, 6, 7});
        case CpuPath::amx:  // TILE, INT8; tile configuration and data saved
            return runs(CpuPath::avx512) && has(extended.edx, {24, 25}) && has(saved, {17, 18}) &&
                   tiles_permitted();
    }
    return false;
}

#else

bool runs(CpuPath path) {
    return path == CpuPath::plain;
}

#endif

}  // namespace

std::string_view name(CpuPath path) {
    return kPaths[static_cast<std::size_t>(path)].name;
}

std::optional<CpuPath> cpu_path_named(std::string_view name) {
    for (const Named& each : kPaths) {
        if (each.name == name) return each.path;
    }
    return std::nullopt;
}

bool is_available(CpuPath path) {
    return runs(path);
}

std::span<const CpuPath> available_cpu_paths() {
    static const std::vector<CpuPath> available = [] {
        std::vector<CpuPath> found;
        for (const Named& each : kPaths) {
            if (is_available(each.path)) found.push_back(each.path);
        }
        return found;
    }();
    return available;
}

CpuPath best_cpu_path() {
    return available_cpu_paths().back();
}

}  // namespace greenroom::kernels
