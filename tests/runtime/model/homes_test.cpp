#include "runtime/model/homes.hpp"

#include <gtest/gtest.h>

#include "tests/support/gguf_bytes.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::TinyModel;

// The homes of a model, with what they were found for.
struct Found {
    tests::TemporaryFolder folder;
    io::ModelFiles files;
    Identity identity;
    io::Result<ModelHomes> homes = io::Error{"not looked for"};

    explicit Found(const TinyModel& tiny) : files(tiny.open(folder)) {
        auto identified = identify(files);
        if (!identified) {
            homes = identified.error();
            return;
        }
        identity = *identified;
        homes = find_homes(files, identity);
    }

    std::string refusal() const { return homes ? "found" : homes.error().message; }
    std::uint64_t offset(std::string_view tensor) const { return files.find(tensor)->range.offset; }
};

void expect_said(const std::string& message, std::string_view part) {
    EXPECT_NE(message.find(part), std::string::npos) << message << "\nhas no " << part;
}

TEST(Homes, EveryMatrixHasOne) {
    const Found found((TinyModel()));
    ASSERT_TRUE(found.homes) << found.refusal();
    const ModelHomes& homes = *found.homes;
    EXPECT_TRUE(homes.warnings.empty());
    EXPECT_FALSE(homes.tied);
    EXPECT_FALSE(homes.rope_factors);
    ASSERT_EQ(homes.layers.size(), 2u);
    const LayerHomes& layer = homes.layers[1];
    EXPECT_EQ(layer.k.rows, 16);
    EXPECT_EQ(layer.k.cols, 32);
    EXPECT_EQ(layer.k.range.offset, found.offset("blk.1.attn_k.weight"));
    EXPECT_EQ(layer.attention_norm.rows, 1);
    ASSERT_TRUE(layer.router);
    EXPECT_EQ(layer.router->rows, 4);
    EXPECT_EQ(layer.experts.size(), 4u);
}

TEST(Homes, ExpertsOfAMergedTensorAreItsConsecutiveSlices) {
    const Found found((TinyModel()));
    ASSERT_TRUE(found.homes) << found.refusal();
    const std::uint64_t bytes = 48 * 32 * 4, start = found.offset("blk.0.ffn_down_exps.weight");
    for (std::uint64_t e = 0; e < 4; ++e) {
        const MatrixHome& down = found.homes->layers[0].experts[e].down;
        EXPECT_EQ(down.rows, 32);
        EXPECT_EQ(down.cols, 48);
        EXPECT_EQ(down.range.offset, start + e * bytes);
        EXPECT_EQ(down.range.bytes, bytes);
    }
}

// Replaces a layer's merged tensor by one per expert, or the reverse.
void split_experts(TinyModel& tiny, const std::string& block, const std::string& part) {
    const TinyModel::Tensor merged = tiny.tensor(block + part + "_exps.weight");
    tiny.remove_tensor(merged.name);
    const std::size_t n = merged.values.size() / 4;
    for (std::size_t e = 0; e < 4; ++e) {
        const auto begin = merged.values.begin() + static_cast<std::ptrdiff_t>(e * n);
        tiny.tensors().push_back({block + part + "." + std::to_string(e) + ".weight",
                                  {merged.shape[0], merged.shape[1]},
                                  {begin, begin + static_cast<std::ptrdiff_t>(n)}});
    }
}

TEST(Homes, OldFilesHaveOneTensorPerExpert) {
    TinyModel tiny;
    for (const char* block : {"blk.0.", "blk.1."}) {
        for (const char* part : {"ffn_gate", "ffn_up", "ffn_down"})
            split_experts(tiny, block, part);
    }
    const Found found(tiny);
    ASSERT_TRUE(found.homes) << found.refusal();
    EXPECT_TRUE(found.homes->warnings.empty());
    EXPECT_EQ(found.homes->layers[1].experts[3].up.range.offset,
              found.offset("blk.1.ffn_up.3.weight"));
}

TEST(Homes, FusedGateAndUpAreTwoHalvesOfEachExpert) {
    TinyModel tiny;
    for (const std::string block : {"blk.0.", "blk.1."}) {
        TinyModel::Tensor fused = tiny.tensor(block + "ffn_gate_exps.weight");
        fused.name = block + "ffn_gate_up_exps.weight";
        fused.shape[1] *= 2;
        fused.values.resize(2 * fused.values.size());
        tiny.remove_tensor(block + "ffn_gate_exps.weight");
        tiny.remove_tensor(block + "ffn_up_exps.weight");
        tiny.tensors().push_back(fused);
    }
    const Found found(tiny);
    ASSERT_TRUE(found.homes) << found.refusal();
    const FfnHome& expert = found.homes->layers[0].experts[2];
    const std::uint64_t half = 48 * 32 * 4;
    EXPECT_EQ(expert.gate.range.offset, found.offset("blk.0.ffn_gate_up_exps.weight") + 4 * half);
    EXPECT_EQ(expert.up.range.offset, expert.gate.range.offset + half);
    EXPECT_EQ(expert.gate.rows, 48);
}

TEST(Homes, DenseLayersHaveOneBlockAndNoRouter) {
    TinyModel::Shape shape;
    shape.experts = 0;
    const Found found((TinyModel(shape)));
    ASSERT_TRUE(found.homes) << found.refusal();
    EXPECT_FALSE(found.homes->layers[0].router);
    EXPECT_EQ(found.homes->layers[0].experts.size(), 1u);
}

TEST(Homes, Hazard055_WrongShapesAreNamed) {
    TinyModel tiny;
    std::swap(tiny.tensor("blk.1.attn_k.weight").shape[0],
              tiny.tensor("blk.1.attn_k.weight").shape[1]);
    expect_said(Found(tiny).refusal(),
                "tensor 'blk.1.attn_k.weight' has shape [16, 32], expected [32, 16, 1]");
}

TEST(Homes, Hazard055_ShapesOfTooManyDimensionsAreNamed) {
    TinyModel tiny;
    TinyModel::Tensor& norm = tiny.tensor("blk.0.attn_norm.weight");
    norm.shape = {32, 1, 1, 2};
    norm.values.resize(64);
    expect_said(Found(tiny).refusal(), "'blk.0.attn_norm.weight' has shape [32, 1, 1, 2]");
}

TEST(Homes, Hazard056_ExpertTensorsThatDisagreeWithTheCount) {
    TinyModel tiny;
    TinyModel::Tensor& up = tiny.tensor("blk.0.ffn_up_exps.weight");
    up.shape[2] = 3;
    up.values.resize(up.values.size() / 4 * 3);
    expect_said(Found(tiny).refusal(),
                "'blk.0.ffn_up_exps.weight' has shape [32, 48, 3], expected [32, 48, 4]");
}

TEST(Homes, Hazard056_LayersOfDifferentTypesAreLegal) {
    GREENROOM_NEED_REFERENCE(path, "models/mixtral-k/mixtral-k-Q2_K.gguf");
    auto files = io::open_model_files(path);
    ASSERT_TRUE(files) << files.error().message;
    auto identity = identify(*files);
    ASSERT_TRUE(identity) << identity.error().message;
    const auto homes = find_homes(*files, *identity);
    ASSERT_TRUE(homes) << homes.error().message;
    EXPECT_EQ(homes->layers[0].experts[0].gate.type, kernels::BlockType::q2_k);
    EXPECT_EQ(homes->layers[0].experts[0].down.type, kernels::BlockType::q3_k);
}

TEST(Homes, Hazard057_TensorMissingInOneLayer) {
    for (const std::string name : {"blk.1.attn_v.weight",
                                   "blk.1.ffn_gate_inp.weight",
                                   "blk.1.ffn_down_exps.weight",
                                   "output_norm.weight"}) {
        TinyModel tiny;
        tiny.remove_tensor(name);
        expect_said(Found(tiny).refusal(), "tensor '" + name + "' is missing");
    }
    TinyModel tiny;
    tiny.remove_tensor("token_embd.weight");
    expect_said(Found(tiny).refusal(), "'token_embd.weight' is missing or not a matrix");
}

TEST(Homes, Hazard057_OneExpertOfAnOldFileMissing) {
    TinyModel tiny;
    for (const char* part : {"ffn_gate", "ffn_up", "ffn_down"}) split_experts(tiny, "blk.0.", part);
    tiny.remove_tensor("blk.0.ffn_up.2.weight");
    expect_said(Found(tiny).refusal(), "tensor 'blk.0.ffn_up.2.weight' is missing");
}

TEST(Homes, Hazard057_UnknownTensorsAreAWarning) {
    TinyModel tiny;
    tiny.tensors().push_back({"blk.0.of_another_world\x1b.weight", {2}, {1, 2}});
    const Found found(tiny);
    ASSERT_TRUE(found.homes) << found.refusal();
    ASSERT_EQ(found.homes->warnings.size(), 1u);
    expect_said(found.homes->warnings[0],
                "1 tensors are not used, the first is 'blk.0.of_another_world\\x1b.weight'");
}

TEST(Homes, Hazard057_BiasesThatWouldBeLeftOutAreRefused) {
    TinyModel tiny;
    tiny.tensors().push_back({"blk.0.attn_q.bias", {32}, std::vector<float>(32)});
    expect_said(Found(tiny).refusal(), "'blk.0.attn_q.bias': biases are not supported");
}

TEST(Homes, Hazard058_NoOutputMatrixMeansTheEmbedding) {
    TinyModel::Shape shape;
    shape.tied = true;
    const Found found((TinyModel(shape)));
    ASSERT_TRUE(found.homes) << found.refusal();
    EXPECT_TRUE(found.homes->tied);
    EXPECT_EQ(found.homes->output.range, found.homes->embedding.range);
}

TEST(Homes, Hazard063_TheVocabularyIsWhatTheEmbeddingHasRowsFor) {
    const Found found((TinyModel()));
    ASSERT_TRUE(found.homes) << found.refusal();
    EXPECT_EQ(found.identity.hyperparameters.vocabulary, 24);
}

TEST(Homes, Hazard063_VocabulariesThatDisagree) {
    TinyModel said;
    said.set("llama.vocab_size", tests::gguf::u32_entry("llama.vocab_size", 25));
    expect_said(Found(said).refusal(), "said to have 25 entries");
    TinyModel output;
    output.tensor("output.weight").shape[1] = 23;
    output.tensor("output.weight").values.resize(23 * 32);
    expect_said(Found(output).refusal(),
                "'output.weight' has shape [32, 23], expected [32, 24, 1]");
}

TEST(Homes, RopeFactorsAreOnePerPair) {
    TinyModel tiny;
    tiny.tensors().push_back({"rope_freqs.weight", {4}, {1, 1, 1, 1}});
    const Found found(tiny);
    ASSERT_TRUE(found.homes) << found.refusal();
    EXPECT_TRUE(found.homes->rope_factors);
    tiny.tensor("rope_freqs.weight") = {"rope_freqs.weight", {5}, std::vector<float>(5)};
    expect_said(Found(tiny).refusal(), "'rope_freqs.weight' has shape [5], expected [4, 1, 1]");
}

}  // namespace
}  // namespace greenroom::runtime
