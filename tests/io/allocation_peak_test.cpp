#include "tests/io/allocation_peak.hpp"

#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <malloc.h>
#include <new>
#include <string>
#include <vector>

namespace {

std::atomic<std::size_t> live_bytes = 0;
std::atomic<std::size_t> peak_bytes = 0;

void* allocate(std::size_t size) {
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) return nullptr;
    const std::size_t live = live_bytes += malloc_usable_size(memory);
    std::size_t peak = peak_bytes;
    while (live > peak && !peak_bytes.compare_exchange_weak(peak, live)) {
    }
    return memory;
}

}  // namespace

// Not inlined: compilers take free() on memory of new for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
    void* memory = allocate(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size);
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    if (memory != nullptr) live_bytes -= malloc_usable_size(memory);
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    operator delete(memory);
}

namespace greenroom::tests {

AllocationPeak::AllocationPeak() : before_(live_bytes) {
    peak_bytes = before_;
}

std::size_t AllocationPeak::bytes() const {
    return peak_bytes - before_;
}

namespace {

TEST(AllocationPeak, CountsWhatLivesAtOneTime) {
    const AllocationPeak peak;
    for (int i = 0; i < 3; ++i) std::vector<char>(1 << 20).data()[i] = 'x';
    EXPECT_GE(peak.bytes(), 1u << 20);
    EXPECT_LT(peak.bytes(), 2u << 20);
    const std::string a(1 << 20, 'a');
    const std::string b(1 << 20, 'b');
    EXPECT_GE(peak.bytes(), 2u << 20);
}

}  // namespace
}  // namespace greenroom::tests
