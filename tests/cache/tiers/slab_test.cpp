#include "cache/tiers/slab.hpp"

#include <gtest/gtest.h>

#include "tests/support/device_case.hpp"

namespace greenroom::cache {
namespace {

using tests::DeviceCase;

TEST(Slab, OfTheHostIsNotPinned) {
    const auto slab = host_slab(4096);
    ASSERT_TRUE(slab);
    EXPECT_EQ(slab->bytes().size(), 4096);
    EXPECT_FALSE(slab->is_pinned());
}

TEST(Slab, IsPinnedForADeviceWhereTheSystemAllowsIt) {
    DeviceCase device;
    EXPECT_TRUE(pinned_slabs(device.device())(4096)->is_pinned());
    device.gpu().fails = [](const char*) { return int{kernels::kGpuOutOfMemory}; };
    const auto slab = pinned_slabs(device.device())(4096);
    ASSERT_TRUE(slab);
    EXPECT_FALSE(slab->is_pinned());
    EXPECT_EQ(slab->bytes().size(), 4096);
}

TEST(Slab, OfADeviceIsGivenBack) {
    DeviceCase device({.memory_bytes = 8192});
    const SlabSource slabs = device_slabs(device.device());
    {
        const auto all = slabs(8192);
        ASSERT_TRUE(all);
        EXPECT_FALSE(slabs(1));
    }
    EXPECT_TRUE(slabs(8192));
}

}  // namespace
}  // namespace greenroom::cache
