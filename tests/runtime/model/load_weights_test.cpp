#include "runtime/model/load_weights.hpp"

#include <cstring>
#include <gtest/gtest.h>

#include "kernels/repack.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::TinyModel;

struct Opened {
    tests::TemporaryFolder folder;
    io::ModelFiles files;
    ModelHomes homes;

    explicit Opened(const TinyModel& tiny) : files(tiny.open(folder)) {
        auto identity = identify(files);
        auto found = find_homes(files, *identity);
        EXPECT_TRUE(found) << found.error().message;
        homes = *std::move(found);
    }

    Weights load(LoadMethod method) const {
        kernels::ThreadPool pool(2);
        auto weights = load_weights({.files = files, .homes = homes, .method = method}, pool, {});
        EXPECT_TRUE(weights) << weights.error().message;
        return *std::move(weights);
    }
};

// The floats of a matrix, of type F32.
std::vector<float> values(const kernels::Matrix& matrix) {
    std::vector<float> out(static_cast<std::size_t>(matrix.rows * matrix.cols));
    EXPECT_EQ(matrix.bytes(), out.size() * sizeof(float));
    std::memcpy(out.data(), matrix.data, matrix.bytes());
    return out;
}

class LoadWeights : public testing::TestWithParam<LoadMethod> {};
INSTANTIATE_TEST_SUITE_P(Methods,
                         LoadWeights,
                         testing::Values(LoadMethod::read, LoadMethod::mmap),
                         [](const auto& info) {
                             return info.param == LoadMethod::read ? "Read" : "Mapped";
                         });

TEST_P(LoadWeights, PutsEveryTensorInItsPlace) {
    TinyModel tiny;
    const Opened opened(tiny);
    const Weights weights = opened.load(GetParam());
    EXPECT_EQ(values(weights.embedding), tiny.tensor("token_embd.weight").values);
    EXPECT_EQ(values(weights.output), tiny.tensor("output.weight").values);
    EXPECT_EQ(weights.output_norm, tiny.tensor("output_norm.weight").values);
    const LayerWeights& layer = weights.layers[1];
    EXPECT_EQ(layer.attention_norm, tiny.tensor("blk.1.attn_norm.weight").values);
    EXPECT_EQ(values(layer.q), tiny.tensor("blk.1.attn_q.weight").values);
    EXPECT_EQ(values(layer.k), tiny.tensor("blk.1.attn_k.weight").values);
    EXPECT_EQ(values(layer.v), tiny.tensor("blk.1.attn_v.weight").values);
    EXPECT_EQ(values(layer.attention_output), tiny.tensor("blk.1.attn_output.weight").values);
    EXPECT_EQ(layer.ffn_norm, tiny.tensor("blk.1.ffn_norm.weight").values);
    EXPECT_EQ(values(layer.router), tiny.tensor("blk.1.ffn_gate_inp.weight").values);
}

TEST_P(LoadWeights, PutsEveryExpertInItsPlace) {
    TinyModel tiny;
    const Opened opened(tiny);
    const Weights weights = opened.load(GetParam());
    std::vector<float> up;
    for (const kernels::ExpertWeights& expert : weights.experts[1]) {
        const std::vector<float> own = values(expert.up);
        up.insert(up.end(), own.begin(), own.end());
    }
    EXPECT_EQ(up, tiny.tensor("blk.1.ffn_up_exps.weight").values);
}

TEST_P(LoadWeights, TiedOutputsAreTheEmbedding) {
    TinyModel::Shape shape;
    shape.tied = true;
    const Opened opened((TinyModel(shape)));
    const Weights weights = opened.load(GetParam());
    EXPECT_EQ(weights.output.data, weights.embedding.data);
    EXPECT_EQ(weights.output.rows, 24);
}

TEST_P(LoadWeights, DenseLayersHaveNoRouter) {
    TinyModel::Shape shape;
    shape.experts = 0;
    const Opened opened((TinyModel(shape)));
    const Weights weights = opened.load(GetParam());
    EXPECT_EQ(weights.layers[0].router.rows, 0);
    EXPECT_EQ(weights.experts[0].size(), 1u);
}

TEST_P(LoadWeights, OutlivesTheFilesAndMoves) {
    TinyModel tiny;
    std::optional<Weights> moved;
    {
        const Opened opened(tiny);
        Weights weights = opened.load(GetParam());
        moved = std::move(weights);
    }
    EXPECT_EQ(values(moved->embedding), tiny.tensor("token_embd.weight").values);
}

TEST(LoadWeightsBytes, AreThoseOfAllTensorsOnCacheLines) {
    TinyModel tiny;
    tiny.tensor("output_norm.weight");
    const Opened opened(tiny);
    std::uint64_t sum = 0;
    for (const TinyModel::Tensor& tensor : tiny.tensors()) sum += 4 * tensor.values.size();
    EXPECT_EQ(weight_bytes(opened.homes), sum);  // all are multiples of 64
    const Weights weights = opened.load(LoadMethod::read);
    EXPECT_EQ(std::get<kernels::HostBuffer>(weights.memory).size(), sum);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(weights.layers[1].v.data) % 64, 0u);
}

TEST(LoadWeightsLayout, IsWhatProductsReadFastestUnlessTheyAreExactOrMapped) {
    GREENROOM_NEED_REFERENCE(path, "models/mixtral-k/mixtral-k-Q2_K.gguf");
    auto files = io::open_model_files(path);
    ASSERT_TRUE(files) << files.error().message;
    auto identity = identify(*files);
    const auto homes = find_homes(*files, *identity);
    ASSERT_TRUE(homes) << homes.error().message;
    kernels::ThreadPool pool(2);
    const auto layout = [&](LoadMethod method, kernels::Arithmetic arithmetic) {
        const auto weights = load_weights({*files, *homes, method, arithmetic}, pool, {});
        EXPECT_TRUE(weights) << weights.error().message;
        const kernels::Matrix& gate = weights->experts[0][7].gate;
        EXPECT_EQ(gate.type, kernels::BlockType::q2_k);
        return gate.layout;
    };
    using enum kernels::Arithmetic;
    EXPECT_EQ(layout(LoadMethod::read, fast),
              kernels::preferred_layout(kernels::BlockType::q2_k, pool.path()));
    EXPECT_EQ(layout(LoadMethod::read, exact), kernels::Layout::rows);
    EXPECT_EQ(layout(LoadMethod::mmap, fast), kernels::Layout::rows);
}

// Half precision as model files have it, converted once.
TEST(LoadWeightsVectors, AreFloatWhateverTheFileHolds) {
    GREENROOM_NEED_REFERENCE(path, "models/mixtral/model.safetensors.index.json");
    auto files = io::open_model_files(path.parent_path());
    ASSERT_TRUE(files) << files.error().message;
    auto identity = identify(*files);
    ASSERT_TRUE(identity) << identity.error().message;
    const auto homes = find_homes(*files, *identity);
    ASSERT_TRUE(homes) << homes.error().message;
    ASSERT_EQ(homes->output_norm.type, kernels::BlockType::bf16);
    kernels::ThreadPool pool(1);
    const auto weights = load_weights({.files = *files, .homes = *homes}, pool, {});
    ASSERT_TRUE(weights) << weights.error().message;
    ASSERT_EQ(weights->output_norm.size(), 64u);
    for (const float value : weights->output_norm) {
        EXPECT_EQ(std::bit_cast<std::uint32_t>(value) & 0xffff, 0u);  // a BF16 in a float
        EXPECT_NE(value, 0);
    }
}

TEST(LoadWeights, RoutersStayWhenTheRestIsGivenBack) {
    const Opened opened((TinyModel()));
    for (const LoadMethod method : {LoadMethod::read, LoadMethod::mmap}) {
        Weights weights = opened.load(method);
        std::vector<std::vector<float>> before;
        for (const LayerWeights& layer : weights.layers) before.push_back(values(layer.router));
        const std::vector<float> norm = weights.layers[0].ffn_norm;
        ASSERT_TRUE(keep_routers_alone(weights));
        EXPECT_EQ(weights.layers[0].q.data, nullptr);
        EXPECT_EQ(weights.embedding.data, nullptr);
        for (std::size_t l = 0; l < before.size(); ++l) {
            EXPECT_EQ(values(weights.layers[l].router), before[l]);
        }
        EXPECT_EQ(weights.layers[0].ffn_norm, norm);
    }
}

TEST(LoadWeightsErrors, Hazard038_FilesThatShrankAreNamed) {
    Opened opened((TinyModel()));
    std::filesystem::resize_file(opened.files.root, 4096);
    for (const LoadMethod method : {LoadMethod::read, LoadMethod::mmap}) {
        kernels::ThreadPool pool(1);
        const auto weights = load_weights(
            {.files = opened.files, .homes = opened.homes, .method = method}, pool, {});
        ASSERT_FALSE(weights);
        EXPECT_NE(weights.error().message.find("tiny.gguf"), std::string::npos)
            << weights.error().message;
    }
}

}  // namespace
}  // namespace greenroom::runtime
