#include "kernels/host_memory.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace greenroom::kernels {
namespace {

TEST(HostMemory, SaysNoMoreThanTheMachineHas) {
    std::ifstream in("/proc/meminfo");
    std::string key;
    std::uint64_t total_kib = 0;
    in >> key >> total_kib;
    if (key != "MemTotal:") GTEST_SKIP() << "no /proc/meminfo";
    const auto available = available_memory();
    ASSERT_TRUE(available);
    EXPECT_GT(*available, 0u);
    EXPECT_LE(*available, total_kib * 1024);
}

TEST(HostMemory, ThePeakGrowsWithWhatIsTouchedAndNeverShrinks) {
    const auto before = peak_memory();
    if (!before) GTEST_SKIP() << "no /proc/self/status";
    constexpr std::size_t kBytes = 64 << 20;
    const auto block = std::make_unique<std::vector<char>>(*before + kBytes, 'x');
    const auto after = peak_memory();
    ASSERT_TRUE(after);
    EXPECT_GE(*after, block->size());
}

}  // namespace
}  // namespace greenroom::kernels
