#include "runtime/model/device_memory.hpp"

#include <algorithm>

namespace greenroom::runtime {

kernels::Matrix DeviceMemory::copy(const kernels::Matrix& matrix) {
    kernels::Matrix out = matrix;
    out.data = copy(std::span(matrix.data, matrix.bytes()));
    return out;
}

std::byte* DeviceMemory::take_bytes(std::size_t n) {
    // What GPUs round allocations up to.
    constexpr std::size_t kGranule = 512;
    bytes_ += (n + kGranule - 1) / kGranule * kGranule;
    if (purpose_ == Purpose::count) return nullptr;
    auto buffer =
        kernels::DeviceBuffer::try_allocate(stream_->device(), std::max<std::size_t>(n, 1));
    is_complete_ = is_complete_ && buffer.has_value();
    if (!buffer) return nullptr;
    buffers_.push_back(std::move(*buffer));
    return buffers_.back().data();
}

std::byte* DeviceMemory::share_bytes(std::size_t n) {
    if (purpose_ == Purpose::count) return nullptr;
    auto memory =
        kernels::PinnedMemory::try_allocate(stream_->device(), std::max<std::size_t>(n, 1));
    is_complete_ = is_complete_ && memory.has_value();
    if (!memory) return nullptr;
    shared_.push_back(std::move(*memory));
    return shared_.back().bytes().data();
}

void DeviceMemory::send(void* to, const void* from, std::size_t bytes) {
    stream_->copy({to, from, bytes, kernels::CopyDirection::to_device});
}

}  // namespace greenroom::runtime
