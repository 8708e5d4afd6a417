#include "runtime/model/routing_facts.hpp"

#include <gtest/gtest.h>

#include "runtime/model/describe.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

TEST(RoutingFacts, SplitsWhatATokenReadsIntoExpertsAndTheRest) {
    const auto files =
        io::open_model_files(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    ASSERT_TRUE(files) << files.error().message;
    auto identity = identify(*files);
    ASSERT_TRUE(identity);
    const auto homes = find_homes(*files, *identity);
    ASSERT_TRUE(homes);
    const RoutingFacts facts = routing_facts(*homes, identity->hyperparameters);
    EXPECT_EQ(facts.layers, 6);
    EXPECT_EQ(facts.experts, 8);
    EXPECT_EQ(facts.experts_per_token, 2);
    // The experts of inspect: 221184 bytes in four layers, 254976 in two.
    const std::uint64_t experts = 2 * (4 * 221184 + 2 * 254976);
    EXPECT_EQ(facts.dense_bytes + experts,
              weight_bytes_per_token(*homes, identity->hyperparameters));
    for (std::uint16_t layer = 0; layer < 6; ++layer) {
        const std::uint64_t* slot = facts.slot_bytes.find({layer, 7});
        ASSERT_NE(slot, nullptr);
        EXPECT_GE(*slot, 221184u);
    }
}

}  // namespace
}  // namespace greenroom::runtime
