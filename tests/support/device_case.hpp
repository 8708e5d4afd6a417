// A GPU for a test of a device body, and buffers on it ringed with canaries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

#include "kernels/device/emulated/emulated_gpu.hpp"
#include "kernels/device/ops.hpp"
#include "kernels/require.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::tests {

// An open device with one stream.
class DeviceCase {
 public:
    explicit DeviceCase(const kernels::emulated::EmulatedGpuSettings& settings = {})
        : gpu_(test_gpu(settings)),
          device_(*gpu_.runtime, *gpu_.ops, 0, gpu_.facts),
          stream_(device_) {}

    // For tests that are not meant for a card.
    kernels::emulated::EmulatedGpu& gpu() {
        auto* const emulated = dynamic_cast<kernels::emulated::EmulatedGpu*>(gpu_.runtime.get());
        kernels::require(emulated != nullptr, "a test of the emulated GPU runs on a card");
        return *emulated;
    }
    kernels::Device& device() { return device_; }
    kernels::Stream& stream() { return stream_; }

 private:
    const TestGpu gpu_;
    kernels::Device device_;
    kernels::Stream stream_;
};

// n values on the device, with bytes before and behind them that nobody may change. Whatever was
// not uploaded is NaN, so that a body that reads what nobody wrote is found.
template <class T>
class OnDevice {
 public:
    OnDevice(DeviceCase& device, std::size_t n) : OnDevice(device, std::vector<T>(), n) {}
    OnDevice(DeviceCase& device, const std::vector<T>& values)
        : OnDevice(device, values, values.size()) {}

    T* data() { return reinterpret_cast<T*>(buffer_.data() + kRing); }

    // The values now. A changed canary is a failure.
    std::vector<T> values() {
        std::vector<std::byte> all(buffer_.size());
        device_->stream().copy(
            {all.data(), buffer_.data(), all.size(), kernels::CopyDirection::to_host});
        device_->stream().synchronize();
        EXPECT_FALSE(device_->device().is_faulty());
        const auto is_canary = [](std::byte b) { return b == kCanary; };
        EXPECT_TRUE(std::all_of(all.begin(), all.begin() + kRing, is_canary)) << "written before";
        EXPECT_TRUE(std::all_of(all.end() - kRing, all.end(), is_canary)) << "written behind";
        std::vector<T> out(n_);
        std::memcpy(out.data(), all.data() + kRing, n_ * sizeof(T));
        return out;
    }

 private:
    static constexpr std::ptrdiff_t kRing = 256;
    static constexpr std::byte kCanary{0xC5}, kNan{0xFF};

    OnDevice(DeviceCase& device, const std::vector<T>& values, std::size_t n)
        : device_(&device),
          n_(n),
          buffer_(
              *kernels::DeviceBuffer::try_allocate(device.device(), n * sizeof(T) + 2 * kRing)) {
        std::vector<std::byte> all(buffer_.size(), kCanary);
        std::fill_n(all.begin() + kRing, n * sizeof(T), kNan);
        std::memcpy(all.data() + kRing, values.data(), values.size() * sizeof(T));
        device.stream().copy(
            {buffer_.data(), all.data(), all.size(), kernels::CopyDirection::to_device});
        device.stream().synchronize();
    }

    DeviceCase* device_;
    std::size_t n_;
    kernels::DeviceBuffer buffer_;
};

// Runs `compute(device)`, which returns what a body wrote, with the threads in both orders: a
// result that depends on it lacks a barrier.
template <class Compute>
auto in_both_orders(Compute compute) {
    using kernels::emulated::TurnOrder;
    DeviceCase first({.order = TurnOrder::ascending});
    const auto out = compute(first);
    DeviceCase second({.order = TurnOrder::descending});
    const auto again = compute(second);
    const bool same = out.size() == again.size() &&
                      std::memcmp(out.data(), again.data(), out.size() * sizeof(out[0])) == 0;
    EXPECT_TRUE(same) << "the result depends on the order of the threads";
    return out;
}

}  // namespace greenroom::tests
