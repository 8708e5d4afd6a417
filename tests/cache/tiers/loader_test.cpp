#include "cache/tiers/loader.hpp"

#include <cerrno>
#include <gtest/gtest.h>
#include <new>

#include "io/disk/pread_queue.hpp"
#include "kernels/buffer.hpp"
#include "tests/support/expert_file.hpp"
#include "tests/support/fake_read_queue.hpp"

namespace greenroom::cache {
namespace {
using tests::ExpertFile;
using tests::FakeReadQueue;

struct SlotMemory {
    explicit SlotMemory(const ExpertHome& home)
        : buffer(*kernels::HostBuffer::try_allocate(slot_layout(home).bytes)) {}
    std::byte* data() { return buffer.data(); }
    kernels::HostBuffer buffer;
};

TEST(Loader, BringsAllThreeMatricesOfAnExpert) {
    const ExpertFile file(2, 4);
    Loader loader(file.files(), std::make_unique<io::PreadQueue>(4), {});
    std::vector<std::unique_ptr<SlotMemory>> slots;
    std::vector<Landing> landings(8);
    for (std::uint16_t i = 0; i < 8; ++i) {
        const ExpertHome& home = file.homes()[i / 4][i % 4];
        slots.push_back(std::make_unique<SlotMemory>(home));
        loader.load(home, slots.back()->data(), landings[i], io::Urgency::demand);
    }
    for (std::uint16_t i = 0; i < 8; ++i) {
        ASSERT_TRUE(landings[i].wait());
        const io::ExpertKey key{static_cast<std::uint16_t>(i / 4),
                                static_cast<std::uint16_t>(i % 4)};
        EXPECT_TRUE(file.holds(key, weights_in(file.homes()[i / 4][i % 4], slots[i]->data())));
    }
    EXPECT_EQ(loader.status().queue, "pread");
    EXPECT_GT(loader.status().counters.bytes_read, 0u);
}

TEST(Loader, SaysWhichBytesCouldNotBeRead) {
    const ExpertFile file(1, 1);
    Loader loader(
        file.files(),
        std::make_unique<FakeReadQueue>([](const io::DiskRead&, std::size_t) { return -EIO; }),
        {});
    SlotMemory slot(file.homes()[0][0]);
    Landing landing;
    loader.load(file.homes()[0][0], slot.data(), landing, io::Urgency::demand);
    const auto result = landing.wait();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("experts: "), std::string::npos);
    EXPECT_NE(result.error().message.find("Input/output error"), std::string::npos);
}

TEST(Loader, CompletesWhatWasAskedForBeforeItGoes) {
    const ExpertFile file(1, 4);
    std::vector<std::unique_ptr<SlotMemory>> slots;
    std::vector<Landing> landings(4);
    {
        Loader loader(file.files(), std::make_unique<io::PreadQueue>(1), {});
        for (std::size_t e = 0; e < 4; ++e) {
            slots.push_back(std::make_unique<SlotMemory>(file.homes()[0][e]));
            loader.load(file.homes()[0][e], slots[e]->data(), landings[e], io::Urgency::guess);
        }
    }
    for (const Landing& landing : landings) EXPECT_TRUE(landing.settled());
}

TEST(Loader, Hazard095_GoesOnWhereMemoryCannotBeRegistered) {
    const ExpertFile file(1, 1);
    auto queue = std::make_unique<FakeReadQueue>(
        [](const io::DiskRead& read, std::size_t) { return FakeReadQueue::real(read); });
    queue->refusal = "Cannot allocate memory";
    Loader loader(file.files(), std::move(queue), {});
    SlotMemory slot(file.homes()[0][0]);
    const std::span<std::byte> regions[] = {slot.buffer.bytes()};
    loader.register_memory(regions);
    Landing landing;
    loader.load(file.homes()[0][0], slot.data(), landing, io::Urgency::demand);
    EXPECT_TRUE(landing.wait());
    EXPECT_TRUE(file.holds({0, 0}, weights_in(file.homes()[0][0], slot.data())));
    const std::vector<std::string> notices = loader.status().notices;
    ASSERT_FALSE(notices.empty());
    EXPECT_EQ(notices.back(),
              "fake: the experts' memory cannot be registered (Cannot allocate memory); every read "
              "maps its own");
}

TEST(Loader, Hazard097_MemoryThatMayStillBeWrittenToIsSaidToBeLost) {
    const ExpertFile file(1, 1);
    Loader loader(file.files(),
                  std::make_unique<FakeReadQueue>(
                      [](const io::DiskRead&, std::size_t) { return FakeReadQueue::kNever; }),
                  {.patience = std::chrono::milliseconds(1)});
    SlotMemory slot(file.homes()[0][0]);
    Landing landing;
    loader.load(file.homes()[0][0], slot.data(), landing, io::Urgency::demand);
    EXPECT_FALSE(landing.wait());
    EXPECT_TRUE(landing.memory_lost());
}

TEST(Loader, ServesWhatIsAskedForAsItGoes) {
    const ExpertFile file(1, 1);
    SlotMemory slot(file.homes()[0][0]);
    for (int round = 0; round < 200; ++round) {
        Landing first, last;
        {
            Loader loader(file.files(), std::make_unique<io::PreadQueue>(1), {});
            loader.load(file.homes()[0][0], slot.data(), first, io::Urgency::demand);
            ASSERT_TRUE(first.wait());
            loader.load(file.homes()[0][0], slot.data(), last, io::Urgency::guess);
        }
        ASSERT_TRUE(last.settled());
    }
}

TEST(Loader, AWithdrawnGuessEitherNeverBeganOrLands) {
    const ExpertFile file(1, 1);
    for (int round = 0; round < 50; ++round) {
        Loader loader(file.files(), std::make_unique<io::PreadQueue>(1), {});
        SlotMemory slot(file.homes()[0][0]);
        Landing landing;
        loader.withdraw(loader.load(file.homes()[0][0], slot.data(), landing, io::Urgency::guess));
        const auto result = landing.wait();
        if (!result) {
            EXPECT_EQ(result.error().message, "withdrawn");
        }
    }
}

}  // namespace
}  // namespace greenroom::cache
