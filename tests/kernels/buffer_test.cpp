#include "kernels/buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>

namespace greenroom::kernels {
namespace {

TEST(HostBuffer, IsAlignedAndZero) {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{4096}, std::size_t{5} << 20}) {
        SCOPED_TRACE(bytes);
        auto buffer = HostBuffer::try_allocate(bytes);
        ASSERT_TRUE(buffer);
        EXPECT_EQ(buffer->size(), bytes);
        const auto address = reinterpret_cast<std::uintptr_t>(buffer->data());
        EXPECT_EQ(address % (bytes > (4u << 20) ? 2u << 20 : 64u), 0u);
        EXPECT_TRUE(
            std::ranges::all_of(buffer->bytes(), [](std::byte b) { return b == std::byte{}; }));
        std::ranges::fill(buffer->bytes(), std::byte{1});
    }
}

TEST(HostBuffer, MovesItsMemory) {
    auto first = HostBuffer::try_allocate(100);
    ASSERT_TRUE(first);
    std::byte* const data = first->data();
    HostBuffer second(std::move(*first));
    EXPECT_EQ(second.data(), data);
    EXPECT_EQ(first->data(), nullptr);
    *first = std::move(second);
    EXPECT_EQ(first->data(), data);
}

TEST(HostBuffer, NothingTakesNoMemory) {
    const auto buffer = HostBuffer::try_allocate(0);
    ASSERT_TRUE(buffer);
    EXPECT_EQ(buffer->data(), nullptr);
}

TEST(HostBuffer, IsEmptyWhereThereIsNoMemory) {
    EXPECT_FALSE(HostBuffer::try_allocate(SIZE_MAX));
    EXPECT_FALSE(HostBuffer::try_allocate(SIZE_MAX / 2));
}

}  // namespace
}  // namespace greenroom::kernels
