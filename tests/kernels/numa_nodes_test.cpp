#include "kernels/numa_nodes.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "kernels/buffer.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::kernels {
namespace {

// A machine of two sockets and of a node that has memory alone.
class FakeTopology {
 public:
    FakeTopology() {
        for (const auto& [node, cpus] : {std::pair("node0", "0-3,8\n"),
                                         std::pair("node1", "4-7,9-11\n"),
                                         std::pair("node2", "\n"),
                                         std::pair("power", "0-99\n")}) {
            std::filesystem::create_directories(folder_.path() / node);
            std::ofstream(folder_.path() / node / "cpulist") << cpus;
        }
    }
    std::vector<int> nodes(const IsUsable& usable) const {
        return local_nodes(folder_.path(), usable);
    }

 private:
    tests::TemporaryFolder folder_;
};

TEST(NumaNodes, AreThoseOfTheProcessorsInUse) {
    const FakeTopology topology;
    EXPECT_EQ(topology.nodes([](int) { return true; }), (std::vector{0, 1}));
    EXPECT_EQ(topology.nodes([](int cpu) { return cpu == 8; }), std::vector{0});
    EXPECT_EQ(topology.nodes([](int cpu) { return cpu == 10; }), std::vector{1});
    EXPECT_EQ(topology.nodes([](int) { return false; }), std::vector<int>{});
}

TEST(NumaNodes, Hazard171_AreNoneWhereTheSystemDoesNotSay) {
    EXPECT_EQ(local_nodes("/nowhere"), std::vector<int>{});
}

TEST(NumaNodes, MemoryMayBeAskedOfOne) {
    const std::vector<int> nodes = local_nodes();
    if (nodes.empty()) GTEST_SKIP() << "the system names no memory nodes";
    auto memory = HostBuffer::try_allocate(std::size_t{1} << 20);
    ASSERT_TRUE(memory);
    if (!prefer_node(memory->bytes(), nodes.front())) GTEST_SKIP() << "mbind is refused";
    memory->data()[5000] = std::byte{1};
    EXPECT_FALSE(prefer_node(memory->bytes(), -1));
}

}  // namespace
}  // namespace greenroom::kernels
