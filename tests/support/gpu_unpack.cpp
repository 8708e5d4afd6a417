#include "tests/support/gpu_unpack.hpp"

// What the shared code includes, before it takes this for nvcc.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>

#include "kernels/require.hpp"

// The shared code once more, in a namespace of its own.
namespace greenroom_on_gpu::kernels {

using greenroom::kernels::NormalBlock;  // whose header is included already

struct alignas(8) uint2 {
    std::uint32_t x, y;
};
struct alignas(16) uint4 {
    std::uint32_t x, y, z, w;
};

template <class T>
static T __ldg(const T* from) {
    greenroom::kernels::require(reinterpret_cast<std::uintptr_t>(from) % sizeof(T) == 0,
                                "a load that is not aligned");
    return *from;
}

static std::uint32_t __funnelshift_r(std::uint32_t low, std::uint32_t high, std::uint32_t shift) {
    return static_cast<std::uint32_t>((std::uint64_t{high} << 32 | low) >> (shift & 31));
}

// Byte i of the result is the byte of b:a that nibble i of the selector names.
static std::uint32_t __byte_perm(std::uint32_t a, std::uint32_t b, std::uint32_t selector) {
    const std::uint64_t bytes = std::uint64_t{b} << 32 | a;
    std::uint32_t out = 0;
    for (int i = 0; i < 4; ++i) {
        const std::uint32_t from = selector >> (4 * i) & 7;
        out |= static_cast<std::uint32_t>(bytes >> (8 * from) & 0xff) << (8 * i);
    }
    return out;
}

}  // namespace greenroom_on_gpu::kernels

#define __CUDACC__
#define __device__
#define asm(...) value = f16_to_f32(static_cast<std::uint16_t>(bits))
#define greenroom greenroom_on_gpu
#include "kernels/quant/fp4.hpp"
#include "kernels/quant/iq1.hpp"
#include "kernels/quant/iq2.hpp"
#include "kernels/quant/iq3.hpp"
#include "kernels/quant/iq4.hpp"
#include "kernels/quant/q2_k.hpp"
#include "kernels/quant/q3_k.hpp"
#include "kernels/quant/q4.hpp"
#include "kernels/quant/q4_k.hpp"
#include "kernels/quant/q5.hpp"
#include "kernels/quant/q5_k.hpp"
#include "kernels/quant/q6_k.hpp"
#include "kernels/quant/q8.hpp"
#include "kernels/quant/tq.hpp"
#include "kernels/quant/unpack_part.hpp"
#undef greenroom
#undef asm

namespace greenroom::tests {
namespace {

namespace gpu = greenroom_on_gpu::kernels;
using kernels::BlockType;

struct Row {
    BlockType type;
    void (*unpack)(const std::byte* block, int part, kernels::NormalBlock& out);
};

constexpr Row kRows[] = {
    {BlockType::q4_0, gpu::unpack_part<gpu::Q4_0>},
    {BlockType::q4_1, gpu::unpack_part<gpu::Q4_1>},
    {BlockType::q5_0, gpu::unpack_part<gpu::Q5_0>},
    {BlockType::q5_1, gpu::unpack_part<gpu::Q5_1>},
    {BlockType::q8_0, gpu::unpack_part<gpu::Q8_0>},
    {BlockType::q2_k, gpu::unpack_part<gpu::Q2_K>},
    {BlockType::q3_k, gpu::unpack_part<gpu::Q3_K>},
    {BlockType::q4_k, gpu::unpack_part<gpu::Q4_K>},
    {BlockType::q5_k, gpu::unpack_part<gpu::Q5_K>},
    {BlockType::q6_k, gpu::unpack_part<gpu::Q6_K>},
    {BlockType::iq1_s, gpu::unpack_part<gpu::IQ1_S>},
    {BlockType::iq1_m, gpu::unpack_part<gpu::IQ1_M>},
    {BlockType::iq2_xxs, gpu::unpack_part<gpu::IQ2_XXS>},
    {BlockType::iq2_xs, gpu::unpack_part<gpu::IQ2_XS>},
    {BlockType::iq2_s, gpu::unpack_part<gpu::IQ2_S>},
    {BlockType::iq3_xxs, gpu::unpack_part<gpu::IQ3_XXS>},
    {BlockType::iq3_s, gpu::unpack_part<gpu::IQ3_S>},
    {BlockType::iq4_nl, gpu::unpack_part<gpu::IQ4_NL>},
    {BlockType::iq4_xs, gpu::unpack_part<gpu::IQ4_XS>},
    {BlockType::tq1_0, gpu::unpack_part<gpu::TQ1_0>},
    {BlockType::tq2_0, gpu::unpack_part<gpu::TQ2_0>},
    {BlockType::mxfp4, gpu::unpack_part<gpu::MXFP4>},
    {BlockType::nvfp4, gpu::unpack_part<gpu::NVFP4>},
};

}  // namespace

void unpack_as_on_gpu(BlockType type, const std::byte* block, int part, kernels::NormalBlock& out) {
    const auto* const row = std::ranges::find(kRows, type, &Row::type);
    kernels::require(row != std::end(kRows), "gpu unpack: a type without integers");
    row->unpack(block, part, out);
}

}  // namespace greenroom::tests
