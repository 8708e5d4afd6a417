#include "cache/tiers/link.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

#include "tests/support/device_case.hpp"

namespace greenroom::cache {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

TEST(MemoryLink, HasCarriedEverythingAtOnce) {
    std::vector<std::byte> from(100, std::byte{3}), to(100);
    MemoryLink link;
    link.send({to.data(), from.data(), 100}, io::Urgency::guess);
    EXPECT_EQ(to, from);
    EXPECT_TRUE(link.finish());
}

TEST(DeviceLink, HasCarriedEverythingOnceItIsFinished) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        DeviceCase device({.seed = seed});
        std::vector<int> values(1000);
        std::iota(values.begin(), values.end(), 0);
        OnDevice<int> there(device, values.size());
        DeviceLink link(device.device());
        link.begin_thread();
        auto* const to = reinterpret_cast<std::byte*>(there.data());
        const auto* const from = reinterpret_cast<const std::byte*>(values.data());
        for (std::size_t at = 0; at < 4000; at += 1000) {
            link.send({to + at, from + at, 1000},
                      at % 2000 == 0 ? io::Urgency::demand : io::Urgency::guess);
        }
        ASSERT_TRUE(link.finish());
        EXPECT_EQ(there.values(), values) << "seed " << seed;
    }
}

TEST(DeviceLink, SaysWhatTheDeviceFailedAt) {
    DeviceCase device;
    DeviceLink link(device.device());
    device.device().check(kernels::kGpuLaunchFailure, "rms_norm");
    std::byte a{}, b{};
    link.send({&a, &b, 1}, io::Urgency::demand);
    const auto finished = link.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().message, "the device failed at rms_norm: emulated error 719");
}

}  // namespace
}  // namespace greenroom::cache
