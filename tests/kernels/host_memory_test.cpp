#include "kernels/host_memory.hpp"

#include <fstream>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace greenroom::kernels
