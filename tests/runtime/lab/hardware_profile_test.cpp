#include "runtime/lab/hardware_profile.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

const std::string kCpu =
    "[machine]\nname = \"x\"\n[host]\nmemory = \"16GiB\"\nbandwidth = \"40GB/s\"\n"
    "[disk]\nbandwidth = \"3GB/s\"\nlatency_us = 100\n";

TEST(HardwareProfile, ReadsSizesAndRates) {
    const tests::TemporaryFolder folder;
    const auto profile = load_hardware_profile(folder.write("p.toml", kCpu));
    ASSERT_TRUE(profile) << profile.error().message;
    EXPECT_EQ(profile->name, "x");
    EXPECT_FALSE(profile->has_device());
    EXPECT_EQ(profile->host_memory_bytes, 16ull << 30);
    EXPECT_DOUBLE_EQ(profile->compute_bytes_per_s(), 40e9);
    EXPECT_DOUBLE_EQ(profile->disk_latency_s, 1e-4);
}

TEST(HardwareProfile, EveryFileInConfigsIsOne) {
    int n = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(tests::source_path("configs/hardware"))) {
        const auto profile = load_hardware_profile(entry.path());
        ASSERT_TRUE(profile) << profile.error().message;
        EXPECT_FALSE(profile->name.empty());
        EXPECT_LT(profile->disk_bytes_per_s, profile->host_bytes_per_s);
        if (profile->has_device()) {
            EXPECT_LT(profile->link_bytes_per_s, profile->device_bytes_per_s);
        }
        ++n;
    }
    EXPECT_EQ(n, 5);
}

TEST(HardwareProfile, Hazard168_WhatIsWrongIsNamed) {
    const tests::TemporaryFolder folder;
    const std::pair<std::string, std::string> cases[] = {
        {kCpu + "[device]\nmemroy = \"1GiB\"\n", "device.memroy\"; did you mean device.memory?"},
        {kCpu + "[device]\nmemory = \"1GiB\"\n", "device.bandwidth: expected a rate above 0"},
        {kCpu + "[link]\nbandwidth = \"12GB\"\n", "link.bandwidth: expected a rate such as"},
        {kCpu + "[gpu]\n", "no setting \"gpu\""},
        {"[host]\nmemory = \"1GiB\"\n", "host.bandwidth: expected a rate above 0"},
        {"[host]\nbandwidth = \"1GB/s\"\n", "host.memory: expected a size above 0"},
        {"[host\n", "p.toml:1: "},
    };
    for (const auto& [text, expected] : cases) {
        const auto profile = load_hardware_profile(folder.write("p.toml", text));
        ASSERT_FALSE(profile) << text;
        EXPECT_NE(profile.error().message.find(expected), std::string::npos)
            << profile.error().message;
        EXPECT_NE(profile.error().message.find("p.toml"), std::string::npos);
    }
}

}  // namespace
}  // namespace greenroom::runtime
