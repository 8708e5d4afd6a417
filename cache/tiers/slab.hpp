// A large piece of memory that slots are cut of: of the host, of the host and pinned for a device
// to copy from, or of a device. Knows no slot.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "kernels/buffer.hpp"
#include "kernels/device/device.hpp"

namespace greenroom::cache {

// Move-only. The bytes of a device's slab are not the host's to touch.
class Slab {
 public:
    explicit Slab(kernels::HostBuffer host) : host_(std::move(host)), bytes_(host_.bytes()) {}
    explicit Slab(kernels::DeviceBuffer device)
        : device_(std::move(device)), bytes_(device_.data(), device_.size()) {}
    // Pins the host's bytes where the system allows it.
    Slab(kernels::HostBuffer host, kernels::Device& pinned_for);

    std::span<std::byte> bytes() const { return bytes_; }
    bool is_pinned() const { return pin_.has_value(); }

 private:
    kernels::HostBuffer host_;
    std::optional<kernels::PinnedMemory> pin_;  // of host_
    kernels::DeviceBuffer device_;
    std::span<std::byte> bytes_;
};

// Where a tier takes its slabs from; empty when there is no more.
using SlabSource = std::function<std::optional<Slab>(std::size_t bytes)>;

std::optional<Slab> host_slab(std::size_t bytes);
// Host memory that `device`, which must outlive the slabs, copies from by itself.
SlabSource pinned_slabs(kernels::Device& device);
SlabSource device_slabs(kernels::Device& device);

}  // namespace greenroom::cache
