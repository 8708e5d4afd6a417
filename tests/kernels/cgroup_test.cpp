#include "kernels/cgroup.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace greenroom::kernels {
namespace {

std::string folder(const char* text, const std::string& controller) {
    std::istringstream lines(text);
    return own_cgroup(lines, controller);
}

constexpr const char* kBoth = "4:memory:/small\n3:cpu,cpuacct:/half\n1:name=systemd:/a:b\n0::/v2\n";

TEST(Cgroup, FindsAControllerAloneOrAmongOthers) {
    EXPECT_EQ(folder(kBoth, "memory"), "/small");
    EXPECT_EQ(folder(kBoth, "cpu"), "/half");
    EXPECT_EQ(folder(kBoth, "cpuacct"), "/half");
}

TEST(Cgroup, VersionTwoHasNoControllers) {
    EXPECT_EQ(folder(kBoth, ""), "/v2");
}

TEST(Cgroup, IsTheRootWhereNothingIsSaid) {
    EXPECT_EQ(folder(kBoth, "cpus"), "/");
    EXPECT_EQ(folder("", "memory"), "/");
    EXPECT_EQ(folder("no colons\n", "memory"), "/");
}

}  // namespace
}  // namespace greenroom::kernels
