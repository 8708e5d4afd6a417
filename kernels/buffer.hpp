// Owned, aligned host memory, on huge pages where the system offers them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace greenroom::kernels {

// Move-only; 64-byte aligned (2 MiB when large); contents start as zero.
class HostBuffer {
 public:
    // Empty when the system refuses the memory.
    static std::optional<HostBuffer> try_allocate(std::size_t bytes);
    HostBuffer() = default;
    HostBuffer(HostBuffer&& other) noexcept;
    HostBuffer& operator=(HostBuffer&& other) noexcept;
    ~HostBuffer();

    std::byte* data() { return data_; }
    const std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }
    std::span<std::byte> bytes() { return {data_, size_}; }

 private:
    HostBuffer(std::byte* data, std::size_t size) : data_(data), size_(size) {}
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace greenroom::kernels
