// The GPU that settings name, open and with the stream that models compute on. Knows no model.
#pragma once

#include <memory>
#include <string>

#include "io/result.hpp"
#include "kernels/device/cuda/cuda_gpu.hpp"
#include "kernels/device/device.hpp"

namespace greenroom::runtime {

struct GpuWish {
    int index = 0;
    bool must = false;  // without one there is an Error; else only a line that says why
};

// Outlives the models that compute on it.
class Gpu {
 public:
    // With this program's device code. Null, with the reason in `why_not`, where there is no GPU to
    // use and none is insisted on.
    static io::Result<std::unique_ptr<Gpu>> open(const GpuWish& wish, std::string& why_not);
    // The same with another runtime, its bodies and what they were built for.
    static io::Result<std::unique_ptr<Gpu>> open(const GpuWish& wish,
                                                 kernels::CudaBuild build,
                                                 std::string& why_not);

    kernels::Device& device() { return *device_; }
    kernels::Stream& stream() { return stream_; }

 private:
    Gpu(std::unique_ptr<kernels::GpuRuntime> runtime, std::unique_ptr<kernels::Device> device)
        : runtime_(std::move(runtime)), device_(std::move(device)), stream_(*device_) {}

    std::unique_ptr<kernels::GpuRuntime> runtime_;
    std::unique_ptr<kernels::Device> device_;
    kernels::Stream stream_;
};

}  // namespace greenroom::runtime
