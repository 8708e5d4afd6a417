#include "runtime/lab/cpu_name.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(CpuName, IsOneLine) {
    const std::string name = cpu_name();
    EXPECT_FALSE(name.empty());
    EXPECT_EQ(name.find('\n'), std::string::npos);
    EXPECT_NE(name.front(), ' ');
}

}  // namespace
}  // namespace greenroom::runtime
