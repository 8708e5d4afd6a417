#include "kernels/cpu/path.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace greenroom::kernels {
namespace {

TEST(CpuPath, PlainRunsEverywhere) {
    EXPECT_TRUE(is_available(CpuPath::plain));
    EXPECT_EQ(available_cpu_paths().front(), CpuPath::plain);
}

TEST(CpuPath, TheBestIsTheLastAvailable) {
    EXPECT_EQ(best_cpu_path(), available_cpu_paths().back());
    EXPECT_TRUE(std::ranges::is_sorted(available_cpu_paths()));
    for (const CpuPath path : available_cpu_paths()) EXPECT_TRUE(is_available(path));
}

TEST(CpuPath, NamesReadBack) {
    for (const CpuPath path :
         {CpuPath::plain, CpuPath::avx2, CpuPath::avx_vnni, CpuPath::avx512, CpuPath::amx}) {
        EXPECT_EQ(cpu_path_named(name(path)), path);
    }
    EXPECT_EQ(cpu_path_named("sse9"), std::nullopt);
    EXPECT_EQ(cpu_path_named(""), std::nullopt);
}

}  // namespace
}  // namespace greenroom::kernels
