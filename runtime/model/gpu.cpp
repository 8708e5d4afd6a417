#include "runtime/model/gpu.hpp"

#include <fmt/format.h>
#include <utility>
#include <variant>

#include "kernels/device/open_device.hpp"

namespace greenroom::runtime {

io::Result<std::unique_ptr<Gpu>> Gpu::open(const GpuWish& wish, std::string& why_not) {
    return open(wish, kernels::cuda_build(), why_not);
}

io::Result<std::unique_ptr<Gpu>> Gpu::open(const GpuWish& wish,
                                           kernels::CudaBuild build,
                                           std::string& why_not) {
    if (build.runtime == nullptr) {
        constexpr std::string_view kReason = "this program was built without a CUDA toolkit";
        if (wish.must) return io::Error{fmt::format("device.kind cuda: {}", kReason)};
        return std::unique_ptr<Gpu>();
    }
    auto opened = kernels::open_device(*build.runtime, *build.ops, build.architectures, wish.index);
    if (const auto* const refusal = std::get_if<kernels::DeviceRefusal>(&opened)) {
        if (wish.must) return io::Error{fmt::format("device.kind cuda: {}", refusal->reason)};
        why_not = fmt::format("{}: computing on the CPU", refusal->reason);
        return std::unique_ptr<Gpu>();
    }
    return std::unique_ptr<Gpu>(new Gpu(
        std::move(build.runtime), std::get<std::unique_ptr<kernels::Device>>(std::move(opened))));
}

}  // namespace greenroom::runtime
