#include "runtime/lab/imagined_model.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

const std::filesystem::path kTokenizer =
    tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf");

TEST(ImaginedModel, RunsAsAModelOfItsShapeWould) {
    Settings settings;
    settings.model.threads = 1;
    const SynthRequest request{.shape = "small-moe", .quant = "q4_0", .layers = 2};
    auto made = imagine_model(request, kTokenizer, settings);
    ASSERT_TRUE(made) << made.error().message;
    Model& model = *made->engine.model;
    EXPECT_EQ(model.routing_facts().layers, 2);
    EXPECT_EQ(model.routing_facts().experts, 8);
    EXPECT_GT(made->bytes, model.bytes_per_token());
    const std::int32_t tokens[] = {1, 2, 3};
    const auto logits = model.forward(tokens, LogitRows::last);
    ASSERT_TRUE(logits) << logits.error().message;
    EXPECT_NE((*logits)[0], (*logits)[1]) << "random, not blank";
}

TEST(ImaginedModel, ItsExpertsMayLiveInTiers) {
    Settings settings;
    settings.model.threads = 1;
    settings.host.expert_budget = "2/layer";
    auto made = imagine_model({.shape = "small-moe", .layers = 2}, kTokenizer, settings);
    ASSERT_TRUE(made) << made.error().message;
    int n_chosen = 0;
    made->engine.model->drive_routing([&](const RoutingChoice& choice) {
        std::ranges::fill(choice.experts.first(1), 7);
        std::ranges::fill(choice.experts.subspan(1), 5);
        ++n_chosen;
    });
    const std::int32_t token = 1;
    for (int i = 0; i < 2; ++i) {
        const auto logits = made->engine.model->forward({&token, 1}, LogitRows::last);
        ASSERT_TRUE(logits) << logits.error().message;
    }
    EXPECT_EQ(n_chosen, 4);
    const auto status = tier_status(*made->engine.model);
    EXPECT_EQ(status->host.misses, 4u);
    EXPECT_EQ(status->host.hits, 4u);
}

TEST(ImaginedModel, NamesTheShapesThereAre) {
    const auto made = imagine_model({.shape = "gpt-5"}, kTokenizer, {});
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().message.starts_with("no shape \"gpt-5\"; there are mixtral-8x7b"));
}

}  // namespace
}  // namespace greenroom::runtime
