#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {
namespace {

using io::MetadataValue;

// The metadata of a sound model with some keys replaced, or left out where there is no value.
class Keys {
 public:
    Keys& with(const std::string& key, std::optional<MetadataValue> value) {
        values_[key] = std::move(value);
        return *this;
    }

    io::Result<Hyperparameters> read() const {
        io::Metadata metadata("x.gguf");
        for (const auto& [key, value] : values_) {
            if (value) metadata.insert("llama." + key, *value);
        }
        return read_gguf_hyperparameters(metadata, "llama");
    }

    std::string refusal() const {
        const auto read_ones = read();
        return read_ones ? "accepted" : read_ones.error().message;
    }

 private:
    static MetadataValue count(std::uint64_t n) { return MetadataValue(n); }

    std::map<std::string, std::optional<MetadataValue>> values_ = {
        {"block_count", count(2)},
        {"context_length", count(64)},
        {"embedding_length", count(32)},
        {"feed_forward_length", count(48)},
        {"attention.head_count", count(4)},
        {"attention.head_count_kv", count(2)},
        {"attention.layer_norm_rms_epsilon", MetadataValue(1e-5)},
        {"expert_count", count(4)},
        {"expert_used_count", count(2)},
    };
};

MetadataValue number(std::uint64_t n) {
    return MetadataValue(n);
}

void expect_said(const std::string& message, std::string_view part) {
    EXPECT_NE(message.find(part), std::string::npos) << message << "\nhas no " << part;
}

TEST(GgufHyperparameters, AreReadAndDefaultsFilledIn) {
    const auto h = Keys().read();
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->layers, 2);
    EXPECT_EQ(h->head_dim, 8);
    EXPECT_EQ(h->rope_dims, 8);
    EXPECT_EQ(h->rope_base, 10000);
    EXPECT_EQ(h->expert_ff, 48);
    EXPECT_EQ(h->dense_ff, 0);
    EXPECT_EQ(h->vocabulary, 0);
    EXPECT_EQ(h->rope_scaling.kind, RopeScaling::Kind::none);
}

TEST(GgufHyperparameters, OfADenseModelHaveNoExperts) {
    const auto h = Keys().with("expert_count", {}).with("expert_used_count", {}).read();
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->experts, 0);
    EXPECT_EQ(h->dense_ff, 48);
    EXPECT_EQ(h->expert_ff, 0);
}

TEST(GgufHyperparameters, HeadsMayHaveALengthOfTheirOwn) {
    const auto h = Keys()
                       .with("embedding_length", number(30))
                       .with("attention.key_length", number(16))
                       .with("rope.dimension_count", number(4))
                       .read();
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->head_dim, 16);
    EXPECT_EQ(h->rope_dims, 4);
}

TEST(GgufHyperparameters, ArraysThatSayTheSameForEveryLayerAreANumber) {
    const std::vector<std::int32_t> same = {4, 4};
    const auto h = Keys().with("attention.head_count", MetadataValue(same)).read();
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->heads, 4);
}

TEST(GgufHyperparameters, LinearRopeScalingIsRead) {
    const auto h = Keys()
                       .with("rope.scaling.type", MetadataValue(std::string("linear")))
                       .with("rope.scaling.factor", MetadataValue(4.0))
                       .read();
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->rope_scaling.kind, RopeScaling::Kind::linear);
    EXPECT_EQ(h->rope_scaling.factor, 4);
}

TEST(GgufHyperparameters, Hazard047_RequiredKeysMissing) {
    for (const char* key : {"block_count",
                            "context_length",
                            "embedding_length",
                            "feed_forward_length",
                            "attention.head_count",
                            "attention.layer_norm_rms_epsilon"}) {
        EXPECT_EQ(Keys().with(key, {}).refusal(),
                  "x.gguf: key llama." + std::string(key) + " is missing");
    }
}

TEST(GgufHyperparameters, Hazard047_ValuesOfTheWrongKind) {
    const MetadataValue wrong[] = {MetadataValue(std::string("2")),
                                   MetadataValue(2.5),
                                   MetadataValue(true),
                                   MetadataValue(std::int64_t{-2}),
                                   MetadataValue(std::vector<std::string>{"2", "2"})};
    for (const MetadataValue& value : wrong) {
        expect_said(Keys().with("embedding_length", value).refusal(), "llama.embedding_length");
    }
    expect_said(Keys()
                    .with("attention.layer_norm_rms_epsilon", MetadataValue(std::string("small")))
                    .refusal(),
                "llama.attention.layer_norm_rms_epsilon");
}

TEST(GgufHyperparameters, Hazard047_NumbersBeyondAnyModel) {
    for (const std::uint64_t value : {std::uint64_t{1} << 31, ~std::uint64_t{0}}) {
        expect_said(Keys().with("embedding_length", number(value)).refusal(),
                    "llama.embedding_length is " + std::to_string(value));
    }
    expect_said(
        Keys().with("attention.layer_norm_rms_epsilon", MetadataValue(std::nan(""))).refusal(),
        "epsilon nan");
}

TEST(GgufHyperparameters, Hazard048_ImpossibleLayerCounts) {
    for (const std::uint64_t n : {0u, 513u, 1u << 20}) {
        expect_said(Keys().with("block_count", number(n)).refusal(),
                    "layer count is " + std::to_string(n));
    }
}

TEST(GgufHyperparameters, Hazard049_ImpossibleExpertCounts) {
    expect_said(Keys().with("expert_count", number(65536)).refusal(), "expert count is 65536");
    expect_said(Keys().with("expert_used_count", number(0)).refusal(), "0 experts used");
    expect_said(Keys().with("expert_used_count", number(5)).refusal(), "5 experts used");
    expect_said(Keys().with("expert_used_count", {}).refusal(), "0 experts used");
}

TEST(GgufHyperparameters, Hazard050_ImpossibleHeads) {
    expect_said(Keys().with("attention.head_count", number(0)).refusal(), "head count is 0");
    expect_said(Keys().with("attention.head_count_kv", number(8)).refusal(), "do not divide");
    const std::vector<std::int32_t> three = {4, 4, 4}, unlike = {4, 2};
    expect_said(Keys().with("attention.head_count", MetadataValue(three)).refusal(),
                "has 3 values for 2 layers");
    expect_said(Keys().with("attention.head_count", MetadataValue(unlike)).refusal(),
                "differs between layers");
}

TEST(GgufHyperparameters, Hazard051_HeadsThatDoNotDivideTheEmbedding) {
    expect_said(Keys().with("embedding_length", number(30)).refusal(),
                "embedding length 30 does not divide into 4 heads");
    expect_said(Keys().with("attention.key_length", number(0)).refusal(), "head length is 0");
    expect_said(Keys().with("attention.value_length", number(4)).refusal(), "different length");
}

TEST(GgufHyperparameters, Hazard052_ImpossibleRotations) {
    for (const double base : {0.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
        expect_said(Keys().with("rope.freq_base", MetadataValue(base)).refusal(), "frequency base");
    }
    expect_said(Keys().with("rope.scaling.type", MetadataValue(std::string("yarn"))).refusal(),
                "'yarn' is not supported");
    expect_said(Keys().with("rope.dimension_count", number(7)).refusal(), "7 is odd");
    expect_said(Keys().with("rope.dimension_count", number(10)).refusal(), "rope dimension");
}

TEST(GgufHyperparameters, Hazard053_ImpossibleEpsilons) {
    for (const double eps : {0.0, -1e-5, std::nan("")}) {
        expect_said(Keys().with("attention.layer_norm_rms_epsilon", MetadataValue(eps)).refusal(),
                    "epsilon");
    }
}

TEST(GgufHyperparameters, Hazard054_ImpossibleContexts) {
    expect_said(Keys().with("context_length", number(0)).refusal(), "context length is 0");
    expect_said(Keys().with("context_length", number(std::uint64_t{1} << 62)).refusal(),
                "llama.context_length is 4611686018427387904");
}

}  // namespace
}  // namespace greenroom::runtime
