#include "kernels/device/open_device.hpp"

#include <charconv>
#include <fmt/format.h>

namespace greenroom::kernels {
namespace {

using Opened = std::variant<std::unique_ptr<Device>, DeviceRefusal>;

// 13000 is "13.0".
std::string version(int number) {
    return fmt::format("{}.{}", number / 1000, number % 1000 / 10);
}

struct Versions {
    int driver = 0, runtime = 0;
};

DeviceRefusal refusal(int error, const Versions& known, const GpuRuntime& runtime) {
    switch (error) {
        case kGpuStubLibrary:
            return {
                "the CUDA driver library that was found is the toolkit's stub, for linking "
                "only: install the NVIDIA driver, or take the stub out of LD_LIBRARY_PATH"};
        case kGpuInsufficientDriver:
            if (known.driver == 0) return {"no NVIDIA driver is installed", true};
            return {
                fmt::format("the NVIDIA driver knows CUDA {}, this program needs {}: update the "
                            "driver",
                            version(known.driver),
                            version(known.runtime))};
        case kGpuNoDevice:
            return {"no NVIDIA GPU is visible (CUDA_VISIBLE_DEVICES may hide it)", true};
        case kGpuUnavailable:
            return {
                "the GPU is in use by another process, and its compute mode admits no second "
                "one (nvidia-smi -c DEFAULT)"};
        case kGpuDriverMismatch:
            return {
                "the NVIDIA driver was updated and its old part is still running: restart the "
                "machine"};
        default:
            return {fmt::format(
                "the GPU does not open: {} (error {})", runtime.error_text(error), error)};
    }
}

// 75 of "75;86": GPUs from there on run its code.
int oldest(std::string_view architectures) {
    int out = 0;
    std::from_chars(architectures.data(), architectures.data() + architectures.size(), out);
    return out;
}

}  // namespace

Opened open_device(GpuRuntime& runtime,
                   const DeviceOps& ops,
                   std::string_view architectures,
                   int index) {
    Versions versions;
    if (const int error = runtime.versions(versions.driver, versions.runtime); error != kGpuOk) {
        return refusal(error, versions, runtime);
    }
    int n = 0;
    int error = versions.driver == 0 ? int{kGpuInsufficientDriver} : runtime.device_count(n);
    if (error == kGpuOk && n == 0) error = kGpuNoDevice;
    if (error != kGpuOk) return refusal(error, versions, runtime);
    if (index < 0 || index >= n) {
        return DeviceRefusal{
            fmt::format("device.index {}: there are {} GPUs, 0 to {}", index, n, n - 1)};
    }
    GpuFacts facts;
    if (error = runtime.describe(index, facts); error != kGpuOk) {
        return refusal(error, versions, runtime);
    }
    if (10 * facts.major + facts.minor < oldest(architectures)) {
        return DeviceRefusal{
            fmt::format("{} has compute capability {}.{}; this program has device "
                        "code for {}",
                        facts.name,
                        facts.major,
                        facts.minor,
                        architectures)};
    }
    if (error = runtime.select(index); error != kGpuOk) return refusal(error, versions, runtime);
    return std::make_unique<Device>(runtime, ops, index, facts);
}

}  // namespace greenroom::kernels
