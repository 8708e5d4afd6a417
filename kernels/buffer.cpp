#include "kernels/buffer.hpp"

#include <cstdint>
#include <sys/mman.h>
#include <utility>

namespace greenroom::kernels {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Below this a buffer would waste more than half a huge page.
constexpr std::size_t kLarge = 2 * kHugePage;

std::size_t alignment_of(std::size_t bytes) {
    return bytes >= kLarge ? kHugePage : kPage;
}

// What a buffer of `bytes` takes from the address space; 0 when that is more than there is.
std::size_t mapped_bytes(std::size_t bytes) {
    const std::size_t alignment = alignment_of(bytes);
    return (bytes + alignment - 1) / alignment * alignment;
}

std::byte* map(std::size_t bytes) {
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
}

// Maps a huge page too many and gives back what lies before and behind the aligned part.
std::byte* map_aligned(std::size_t bytes) {
    std::byte* memory = map(bytes + kHugePage);
    if (memory == nullptr) return nullptr;
    const std::size_t past = reinterpret_cast<std::uintptr_t>(memory) % kHugePage;
    const std::size_t before = past == 0 ? 0 : kHugePage - past;
    if (before > 0) ::munmap(memory, before);
    ::munmap(memory + before + bytes, kHugePage - before);
    ::madvise(memory + before, bytes, MADV_HUGEPAGE);  // a wish: small pages do as well
    return memory + before;
}

}  // namespace

std::optional<HostBuffer> HostBuffer::try_allocate(std::size_t bytes) {
    if (bytes == 0) return HostBuffer();
    if (bytes > SIZE_MAX - 2 * kHugePage) return std::nullopt;
    std::byte* memory =
        bytes >= kLarge ? map_aligned(mapped_bytes(bytes)) : map(mapped_bytes(bytes));
    if (memory == nullptr) return std::nullopt;
    return HostBuffer(memory, bytes);
}

HostBuffer::HostBuffer(HostBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

HostBuffer& HostBuffer::operator=(HostBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

HostBuffer::~HostBuffer() {
    if (data_ != nullptr) ::munmap(data_, mapped_bytes(size_));
}

}  // namespace greenroom::kernels
