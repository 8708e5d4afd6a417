#include "kernels/device/emulated/emulated_gpu.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <set>
#include <vector>

#include "kernels/device/vocabulary.cuh"
#include "tests/support/device_case.hpp"

namespace greenroom::kernels::emulated {
namespace {

using tests::DeviceCase;
using tests::OnDevice;

// Sums the numbers of the threads through shared memory; without its barriers, what is there
// already.
struct SumBody {
    std::int32_t* out;
    bool has_barriers;

    void operator()(const Thread& thread) const {
        auto* const values = thread.shared<std::int32_t>();
        values[thread.index()] = static_cast<std::int32_t>(thread.index());
        if (has_barriers) thread.barrier();
        std::int32_t sum = 0;
        for (unsigned i = 0; i < thread.n_threads(); ++i) sum += values[i];
        out[thread.block_x() * thread.n_threads() + thread.index()] = sum;
    }
};

std::vector<std::int32_t> sums(DeviceCase& device, bool has_barriers) {
    OnDevice<std::int32_t> out(device, 2 * 64);
    run_body("sum",
             SumBody{out.data(), has_barriers},
             {.blocks_x = 2, .threads = 64, .shared_bytes = 64 * 4},
             device.stream());
    return out.values();
}

TEST(EmulatedGpu, BarriersMeanWhatTheyMeanOnACard) {
    DeviceCase device;
    EXPECT_EQ(sums(device, true), std::vector<std::int32_t>(128, 63 * 64 / 2));
}

TEST(EmulatedGpu, AMissingBarrierShowsWhenThreadsTurnAround) {
    DeviceCase ascending({.order = TurnOrder::ascending});
    DeviceCase descending({.order = TurnOrder::descending});
    EXPECT_NE(sums(ascending, false), sums(descending, false));
}

struct ShuffleBody {
    std::int32_t* out;

    void operator()(const Thread& thread) const {
        const auto mine = static_cast<std::int32_t>(thread.index());
        out[thread.index()] = 1000 * thread.shuffle_xor(mine, 5) + thread.shuffle(mine, 3);
    }
};

TEST(EmulatedGpu, ShufflesStayWithinTheirWarp) {
    DeviceCase device;
    OnDevice<std::int32_t> out(device, 64);
    run_body("shuffle", ShuffleBody{out.data()}, {.threads = 64}, device.stream());
    const auto values = out.values();
    for (int i = 0; i < 64; ++i) {
        EXPECT_EQ(values[static_cast<std::size_t>(i)], 1000 * (i ^ 5) + i / 32 * 32 + 3);
    }
}

TEST(EmulatedGpu, Dot4TakesSignedBytes) {
    Block* const no_block = nullptr;
    const Thread thread(*no_block, {});
    EXPECT_EQ(thread.dot4(0x0102FF80, 0x7F02FF80, 10), 10 + 127 + 4 + 1 + 128 * 128);
}

TEST(EmulatedGpu, ProductsAreRoundedBeforeTheyAreAddedTo) {
    Block* const no_block = nullptr;
    const Thread thread(*no_block, {});
    const float a = 1 + 0x1p-23F;  // a * a = 1 + 2^-22 + 2^-46
    EXPECT_EQ(thread.rounded_product(a, a) - (1 + 0x1p-22F), 0);
}

struct LopsidedBody {
    void operator()(const Thread& thread) const {
        if (thread.index() < 32) thread.barrier();
        if (thread.index() == 32) thread.warp_barrier();
    }
};

TEST(EmulatedGpuDeathTest, ThreadsThatWaitForEachOtherAtDifferentPlacesBreakAContract) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            DeviceCase device;
            run_body("lopsided", LopsidedBody{}, {.threads = 64}, device.stream());
            device.stream().synchronize();
        },
        "different barriers");
}

TEST(EmulatedGpuDeathTest, TheHostCannotTouchDeviceMemory) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            DeviceCase device;
            OnDevice<int> values(device, 4);
            values.data()[0] = 1;
        },
        "");
}

// What arrives when a second stream copies from where a first one copies to, for many seeds.
std::set<int> arrivals(bool waits) {
    std::set<int> seen;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        DeviceCase device({.seed = seed});
        Stream second(device.device());
        Event landed(device.device());
        OnDevice<int> values(device, std::vector<int>{1});
        int sent = 2, got = 0;
        device.stream().copy({values.data(), &sent, sizeof sent, CopyDirection::to_device});
        device.stream().record(landed);
        if (waits) second.wait(landed);
        second.copy({&got, values.data(), sizeof got, CopyDirection::to_host});
        second.synchronize();
        seen.insert(got);
        EXPECT_FALSE(device.device().fault());
    }
    return seen;
}

TEST(EmulatedGpu, StreamsRunInEveryOrderThatEventsAllow) {
    EXPECT_EQ(arrivals(true), std::set<int>({2}));
    EXPECT_EQ(arrivals(false), std::set<int>({1, 2}));
}

TEST(EmulatedGpu, AnEventHasHappenedOnceItsStreamGotThere) {
    DeviceCase device;
    Event event(device.device());
    EXPECT_TRUE(event.has_happened());
    device.stream().record(event);
    int n_questions = 1;
    while (!event.has_happened()) ++n_questions;
    EXPECT_LT(n_questions, 100);
}

TEST(EmulatedGpu, MemoryIsGivenBackAndEnds) {
    DeviceCase device({.memory_bytes = 8192});
    auto a = DeviceBuffer::try_allocate(device.device(), 4096);
    auto b = DeviceBuffer::try_allocate(device.device(), 4096);
    ASSERT_TRUE(a && b);
    EXPECT_FALSE(DeviceBuffer::try_allocate(device.device(), 1));
    EXPECT_EQ(device.device().memory().free, 0);
    a = {};
    EXPECT_EQ(device.device().memory().free, 4096);
    EXPECT_TRUE(DeviceBuffer::try_allocate(device.device(), 4096));
    EXPECT_FALSE(device.device().fault());
}

}  // namespace
}  // namespace greenroom::kernels::emulated
