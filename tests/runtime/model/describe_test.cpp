#include "runtime/model/describe.hpp"

#include <gtest/gtest.h>

#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

ModelDescription describe(const tests::TinyModel& tiny) {
    const tests::TemporaryFolder folder;
    const auto described = describe_model(tiny.open(folder));
    EXPECT_TRUE(described) << described.error().message;
    return described ? *described : ModelDescription{};
}

// By hand, for the tiny model: embed 32, kv 16, ff 48, 4 experts of which 2 are used, 2 layers.
constexpr std::uint64_t kEmbedding = 24 * 32;
constexpr std::uint64_t kAttention = 32 * 32 + 2 * 16 * 32 + 32 * 32;
constexpr std::uint64_t kExpert = 3 * 48 * 32;
constexpr std::uint64_t kRouter = 4 * 32;

TEST(Describe, CountsParameters) {
    const ModelDescription model = describe({});
    const std::uint64_t always = 2 * kEmbedding + 32 + 2 * (kAttention + 2 * 32 + kRouter);
    EXPECT_EQ(model.parameters, always + 2 * 4 * kExpert);
    EXPECT_EQ(model.active_parameters, always + 2 * 2 * kExpert);
}

TEST(Describe, CountsBytesByComponent) {
    const ModelDescription model = describe({});
    EXPECT_EQ(model.bytes.embedding, 4 * kEmbedding);
    EXPECT_EQ(model.bytes.output, 4 * kEmbedding);
    EXPECT_EQ(model.bytes.attention, 4 * 2 * kAttention);
    EXPECT_EQ(model.bytes.router, 4 * 2 * kRouter);
    EXPECT_EQ(model.bytes.experts, 4 * 2 * 4 * kExpert);
    EXPECT_EQ(model.bytes.dense, 0u);
    EXPECT_EQ(model.bytes.norms, 4u * 5 * 32);
    EXPECT_EQ(model.bytes.total(), 4 * model.parameters);
    EXPECT_EQ(model.expert_bytes, (std::vector<std::uint64_t>{4 * kExpert, 4 * kExpert}));
}

TEST(Describe, CountsTheBytesOfOneToken) {
    EXPECT_EQ(describe({}).weight_bytes_per_token,
              4 * (kEmbedding + 2 * (kAttention + kRouter + 2 * kExpert)));
}

TEST(Describe, SaysNamesAndTypes) {
    const ModelDescription model = describe({});
    EXPECT_EQ(model.name, "Tiny");
    EXPECT_EQ(model.architecture, "llama");
    EXPECT_FALSE(model.tied_output);
    ASSERT_EQ(model.types.size(), 1u);
    EXPECT_EQ(model.types[0].type, "F32");
    EXPECT_EQ(model.types[0].tensors, 23u);
    EXPECT_EQ(model.types[0].bytes, model.bytes.total());
}

TEST(Describe, TiedOutputsCountOnce) {
    tests::TinyModel::Shape shape;
    shape.tied = true;
    const ModelDescription model = describe(tests::TinyModel(shape));
    EXPECT_TRUE(model.tied_output);
    EXPECT_EQ(model.bytes.output, 0u);
    EXPECT_EQ(model.parameters, describe({}).parameters - kEmbedding);
    EXPECT_EQ(model.weight_bytes_per_token, describe({}).weight_bytes_per_token);
}

TEST(Describe, DenseBlocksAreNoExperts) {
    tests::TinyModel::Shape shape;
    shape.experts = 0;
    const ModelDescription model = describe(tests::TinyModel(shape));
    EXPECT_EQ(model.bytes.dense, 4 * 2 * kExpert);
    EXPECT_EQ(model.bytes.experts, 0u);
    EXPECT_EQ(model.expert_bytes, (std::vector<std::uint64_t>{0, 0}));
    EXPECT_EQ(model.parameters, model.active_parameters);
}

// data/demo/README.md: 21.1 M parameters.
TEST(Describe, KnowsTheDemoModel) {
    const auto files =
        io::open_model_files(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"));
    ASSERT_TRUE(files) << files.error().message;
    const auto model = describe_model(*files);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->parameters / 100'000, 211u);
    EXPECT_EQ(model->expert_bytes.size(), 6u);
    EXPECT_TRUE(model->warnings.empty());
}

TEST(Describe, ARunTakesMoreWithEveryPosition) {
    const ModelDescription model = describe({});
    const std::uint64_t one = run_bytes(model, 1024, kernels::KvType::f16);
    const std::uint64_t two = run_bytes(model, 2048, kernels::KvType::f16);
    EXPECT_GT(one, model.bytes.total());
    EXPECT_GE(two - one, 1024u * 2 * 2 * 16 * 2);  // keys and values of two layers
}

}  // namespace
}  // namespace greenroom::runtime
