#include "runtime/model/memory_need.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace greenroom::runtime {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

std::string refusal(const MemoryNeed& need, std::uint64_t available) {
    const auto checked = check_memory(need, available, 4096, "x.gguf");
    return checked ? "fits" : checked.error().message;
}

TEST(MemoryNeed, FitsUpToTheLastByte) {
    const MemoryNeed need{.weights = 5, .keys_and_values = 2, .buffers = 1};
    EXPECT_EQ(need.total(), 8u);
    EXPECT_EQ(refusal(need, 8), "fits");
    EXPECT_NE(refusal(need, 7), "fits");
}

TEST(MemoryNeed, Hazard109_ModelsLargerThanMemory) {
    EXPECT_EQ(refusal({.weights = 26 * kGiB, .keys_and_values = kGiB / 2, .buffers = kGiB / 4},
                      16 * kGiB),
              "x.gguf: takes 26.75 GiB of memory (28722593792 bytes: weights 26.00 GiB, keys and "
              "values of 4096 positions 0.50 GiB, buffers 0.25 GiB), 16.00 GiB are there "
              "(17179869184 bytes); the weights alone do not fit");
}

TEST(MemoryNeed, Hazard111_AllOfItIsCountedBeforeAnyIsTaken) {
    const MemoryNeed need{.weights = 7 * kGiB, .keys_and_values = 512, .buffers = kGiB};
    EXPECT_NE(refusal(need, 8 * kGiB + 511), "fits");
    EXPECT_EQ(refusal(need, 8 * kGiB + 512), "fits");
}

TEST(MemoryNeed, Hazard119_NamesTheContextThatWouldFit) {
    const MemoryNeed need{.weights = 4 * kGiB, .keys_and_values = 8 * kGiB, .buffers = kGiB};
    const std::string message = refusal(need, 7 * kGiB);  // 2 of 8 GiB: a quarter of 4096
    EXPECT_NE(message.find("a context of 1024 positions would fit"), std::string::npos) << message;
    EXPECT_NE(refusal(need, 5 * kGiB + 1).find("not one position would fit"), std::string::npos);
}

TEST(MemoryNeed, Hazard119_SumsThatWouldWrapRoundSaturate) {
    const MemoryNeed need{.weights = kMost - 1, .keys_and_values = kMost, .buffers = kMost};
    EXPECT_EQ(need.total(), kMost);
    EXPECT_NE(refusal(need, kMost - 1), "fits");
}

TEST(MemoryNeed, BuffersGrowWithBatchContextAndThreads) {
    Hyperparameters h;
    h.embed = h.dense_ff = 64;
    h.heads = h.kv_heads = 4;
    h.head_dim = 16;
    h.vocabulary = 100;
    const std::uint64_t one = buffer_bytes(h, {.batch = 1, .context = 10, .threads = 1});
    EXPECT_GT(buffer_bytes(h, {.batch = 2, .context = 10, .threads = 1}), one);
    EXPECT_GT(buffer_bytes(h, {.batch = 1, .context = 100'000, .threads = 1}), one);
    EXPECT_GT(buffer_bytes(h, {.batch = 1, .context = 10, .threads = 2}), one);
}

}  // namespace
}  // namespace greenroom::runtime
