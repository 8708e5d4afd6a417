#include <deque>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "cache/make_policy.hpp"
#include "cache/tiers/tiered_store.hpp"
#include "io/disk/pread_queue.hpp"
#include "tests/support/device_case.hpp"
#include "tests/support/expert_file.hpp"

// The device tier in GPU memory: what the GPU reads late is still what it was to read.
namespace greenroom::cache {
namespace {

using tests::DeviceCase;
using tests::ExpertFile;

constexpr int kLayers = 3;
constexpr std::uint16_t kExperts = 8;

// What the GPU will have read of an expert, once it gets there.
struct Read {
    io::ExpertKey key;
    std::vector<std::byte> gate, up, down;

    void begin(const kernels::ExpertWeights& weights, kernels::Stream& stream) {
        const auto read = [&](const kernels::Matrix& from, std::vector<std::byte>& to) {
            to.resize(from.bytes());
            stream.copy({to.data(), from.data, to.size(), kernels::CopyDirection::to_host});
        };
        read(weights.gate, gate);
        read(weights.up, up);
        read(weights.down, down);
    }
    kernels::ExpertWeights as_weights(const ExpertHome& home) const {
        const auto on_host = [](const MatrixHome& at, const std::vector<std::byte>& bytes) {
            return kernels::Matrix{bytes.data(), at.type, at.rows, at.cols};
        };
        return {on_host(home.gate, gate), on_host(home.up, up), on_host(home.down, down)};
    }
};

class GpuTier : public testing::Test {
 protected:
    TieredStore store(DeviceCase& device, std::uint64_t n_slots, Inclusion inclusion) const {
        const std::uint64_t slot = slot_sizes(file_.homes()).largest;
        const auto tier = [&](std::uint64_t n) {
            return Tier::Settings{{n * slot, Scope::global, kLayers}, 2 * slot};
        };
        return TieredStore(
            file_.homes(),
            {.host = tier(8),
             .device = DeviceTierSettings{.tier = tier(n_slots),
                                          .link = {.chunk_bytes = 5000},
                                          .reads = &device.stream(),
                                          .inclusion = inclusion}},
            [] { return std::move(*make_policy("lru", {})); },
            std::make_unique<Loader>(
                file_.files(), std::make_unique<io::PreadQueue>(4), io::BatchReaderSettings{}));
    }

    ExpertFile file_{kLayers, kExperts};
};

class GpuTierInEveryOrder : public GpuTier, public testing::WithParamInterface<std::uint64_t> {};

TEST_P(GpuTierInEveryOrder, NoSlotIsOverwrittenWhileTheGpuMayStillReadIt) {
    for (const Inclusion inclusion : {Inclusion::inclusive, Inclusion::exclusive}) {
        DeviceCase device({.seed = GetParam()});
        std::deque<Read> reads;
        {
            TieredStore s = store(device, 2, inclusion);
            std::mt19937_64 random(GetParam());
            for (std::uint16_t step = 0; step < 24; ++step) {
                const auto layer = static_cast<std::uint16_t>(step % kLayers);
                const auto a = static_cast<std::uint16_t>(random() % kExperts);
                const io::ExpertKey keys[] = {
                    {layer, a}, {layer, static_cast<std::uint16_t>((a + 3) % kExperts)}};
                s.guess({static_cast<std::uint16_t>((layer + 1) % kLayers), a}, GuessTier::top);
                const auto stages = s.announce(keys);
                ASSERT_TRUE(stages) << stages.error().message;
                for (const io::ExpertKey key : stages->device) {
                    const auto lease = s.acquire(key);
                    ASSERT_TRUE(lease) << lease.error().message;
                    reads.push_back({key, {}, {}, {}});
                    reads.back().begin(lease->weights(), device.stream());
                }
            }
            device.stream().synchronize();
        }
        for (const Read& read : reads) {
            const ExpertHome& home = file_.homes()[read.key.layer][read.key.expert];
            EXPECT_TRUE(file_.holds(read.key, read.as_weights(home))) << "seed " << GetParam();
        }
        EXPECT_EQ(reads.size(), 48u);
        EXPECT_FALSE(device.device().fault());
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GpuTierInEveryOrder, testing::Range<std::uint64_t>(1, 25));

TEST_F(GpuTier, ACopyThatFailsIsAnErrorOfTheExpert) {
    DeviceCase device;
    device.gpu().fails = [](const char* call) {
        return std::string_view(call) == "copy" ? kernels::kGpuIllegalAddress : kernels::kGpuOk;
    };
    TieredStore s = store(device, 2, Inclusion::inclusive);  // whose threads ask `fails` too
    const io::ExpertKey keys[] = {{1, 2}};
    ASSERT_TRUE(s.announce(keys));
    const auto lease = s.acquire(keys[0]);
    ASSERT_FALSE(lease);
    EXPECT_TRUE(lease.error().message.starts_with(
        "expert 2 of layer 1: the device failed at copy: emulated error 700"))
        << lease.error().message;
}

TEST_F(GpuTier, Hazard108_HostMemoryThatIsNotPinnedIsCounted) {
    DeviceCase device;
    EXPECT_EQ(store(device, 2, Inclusion::inclusive).pageable_bytes(), 0);
    device.gpu().fails = [](const char* call) {
        return std::string_view(call) == "pin" ? kernels::kGpuOutOfMemory : kernels::kGpuOk;
    };
    TieredStore s = store(device, 2, Inclusion::inclusive);
    EXPECT_EQ(s.pageable_bytes(), s.status().slots.host_slab_bytes);
    const io::ExpertKey keys[] = {{0, 1}};
    ASSERT_TRUE(s.announce(keys));
    EXPECT_TRUE(s.acquire(keys[0]));  // the same way, only slower
}

TEST_F(GpuTier, Hazard117_LessDeviceMemoryThanAskedForMeansFewerSlots) {
    DeviceCase device({.memory_bytes = 4 * slot_sizes(file_.homes()).largest});
    TieredStore s = store(device, 16, Inclusion::inclusive);
    const io::ExpertKey keys[] = {{0, 1}, {0, 2}};
    const auto stages = s.announce(keys);
    ASSERT_TRUE(stages) << stages.error().message;
    EXPECT_TRUE(s.acquire(keys[0]));
    EXPECT_FALSE(device.device().fault());
}

}  // namespace
}  // namespace greenroom::cache
