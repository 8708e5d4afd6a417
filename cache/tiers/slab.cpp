#include "cache/tiers/slab.hpp"

#include <utility>

namespace greenroom::cache {

Slab::Slab(kernels::HostBuffer host, kernels::Device& pinned_for)
    : host_(std::move(host)),
      pin_(kernels::PinnedMemory::try_pin(pinned_for, host_.bytes())),
      bytes_(host_.bytes()) {}

std::optional<Slab> host_slab(std::size_t bytes) {
    auto memory = kernels::HostBuffer::try_allocate(bytes);
    if (!memory) return {};
    return Slab(std::move(*memory));
}

SlabSource pinned_slabs(kernels::Device& device) {
    return [&device](std::size_t bytes) -> std::optional<Slab> {
        auto memory = kernels::HostBuffer::try_allocate(bytes);
        if (!memory) return {};
        return Slab(std::move(*memory), device);
    };
}

SlabSource device_slabs(kernels::Device& device) {
    return [&device](std::size_t bytes) -> std::optional<Slab> {
        auto memory = kernels::DeviceBuffer::try_allocate(device, bytes);
        if (!memory) return {};
        return Slab(std::move(*memory));
    };
}

}  // namespace greenroom::cache
