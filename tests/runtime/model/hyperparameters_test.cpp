#include "runtime/model/hyperparameters.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

namespace greenroom::runtime {
namespace {

Hyperparameters sound() {
    Hyperparameters h;
    h.layers = 2;
    h.embed = 32;
    h.heads = 4;
    h.kv_heads = 2;
    h.head_dim = 8;
    h.expert_ff = 48;
    h.experts = 4;
    h.experts_used = 2;
    h.context = 64;
    h.rms_eps = 1e-5F;
    h.rope_dims = 8;
    return h;
}

std::string refusal(const std::function<void(Hyperparameters&)>& spoil) {
    Hyperparameters h = sound();
    spoil(h);
    const auto checked = check_hyperparameters(h, "x.gguf");
    return checked ? "accepted" : checked.error().message;
}

TEST(Hyperparameters, AcceptSoundOnes) {
    EXPECT_EQ(refusal([](Hyperparameters&) {}), "accepted");
}

TEST(Hyperparameters, ErrorsNameFileFieldAndValue) {
    EXPECT_EQ(refusal([](Hyperparameters& h) { h.layers = 513; }),
              "x.gguf: layer count is 513, expected 1 to 512");
}

TEST(Hyperparameters, Hazard048_ImpossibleLayerCounts) {
    for (const int n : {0, -1, 513, 1 << 20}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.layers = n; }).find("layer count"),
                  std::string::npos)
            << n;
    }
    EXPECT_EQ(refusal([](Hyperparameters& h) { h.layers = kMaxLayers; }), "accepted");
}

TEST(Hyperparameters, Hazard049_ImpossibleExpertCounts) {
    for (const int n : {-1, 65536}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.experts = n; }).find("expert count"),
                  std::string::npos)
            << n;
    }
    for (const int used : {0, -1, 5}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.experts_used = used; }).find("per token"),
                  std::string::npos)
            << used;
    }
    EXPECT_EQ(refusal([](Hyperparameters& h) { h.experts = h.experts_used = 1; }), "accepted");
}

TEST(Hyperparameters, Hazard050_ImpossibleHeadCounts) {
    EXPECT_NE(refusal([](Hyperparameters& h) { h.heads = 0; }).find("head count is 0"),
              std::string::npos);
    EXPECT_NE(refusal([](Hyperparameters& h) { h.kv_heads = 0; }).find("head count is 0"),
              std::string::npos);
    for (const int n : {3, 8}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.kv_heads = n; }).find("do not divide"),
                  std::string::npos)
            << n;
    }
}

TEST(Hyperparameters, Hazard051_ImpossibleHeadLengths) {
    EXPECT_NE(refusal([](Hyperparameters& h) { h.head_dim = 0; }).find("head length is 0"),
              std::string::npos);
}

TEST(Hyperparameters, Hazard052_ImpossibleRotations) {
    const double infinity = std::numeric_limits<double>::infinity();
    for (const double base : {0.0, -1.0, infinity, std::nan("")}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.rope_base = base; }).find("frequency base"),
                  std::string::npos)
            << base;
    }
    for (const int dims : {0, -2, 10}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.rope_dims = dims; }).find("rope dimension"),
                  std::string::npos)
            << dims;
    }
    EXPECT_NE(refusal([](Hyperparameters& h) { h.rope_dims = 7; }).find("7 is odd"),
              std::string::npos);
    for (const double factor : {0.0, -2.0, infinity, std::nan("")}) {
        EXPECT_NE(
            refusal([&](Hyperparameters& h) { h.rope_scaling.factor = factor; }).find("factor"),
            std::string::npos)
            << factor;
    }
    EXPECT_NE(refusal([](Hyperparameters& h) {
                  h.rope_scaling.low_freq_factor = h.rope_scaling.high_freq_factor;
              }).find("low < high"),
              std::string::npos);
}

TEST(Hyperparameters, Hazard053_ImpossibleEpsilons) {
    for (const float eps :
         {0.0F, -1e-5F, 1.0F, std::nanf(""), std::numeric_limits<float>::infinity()}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.rms_eps = eps; }).find("epsilon"),
                  std::string::npos)
            << eps;
    }
}

TEST(Hyperparameters, Hazard054_ImpossibleContexts) {
    for (const int n : {0, -1, kMaxContext + 1}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.context = n; }).find("context length"),
                  std::string::npos)
            << n;
    }
}

TEST(Hyperparameters, Hazard064_ImpossibleWindows) {
    for (const int n : {-1, kMaxContext + 1}) {
        EXPECT_NE(refusal([&](Hyperparameters& h) { h.window = n; }).find("sliding window"),
                  std::string::npos)
            << n;
    }
}

// The bounds keep every later product of two counts in 32 bits and of all in 64.
TEST(Hyperparameters, Hazard066_TablesOfLayersAndExpertsFitTheirKeys) {
    EXPECT_LE(kMaxLayers, 1 << 16);
    EXPECT_LE(kMaxExperts, 1 << 16);
    EXPECT_LE(std::int64_t{kMaxLayers} * kMaxExperts, std::numeric_limits<std::int32_t>::max());
}

TEST(RopeFrequencies, FallFromOneByPowersOfTheBase) {
    Hyperparameters h = sound();
    h.rope_base = 10000;
    EXPECT_EQ(rope_frequencies(h), (std::vector<float>{1.0F, 0.1F, 0.01F, 0.001F}));
}

TEST(RopeFrequencies, TurnOnlyTheDimensionsThatRotate) {
    Hyperparameters h = sound();
    h.rope_dims = 4;
    EXPECT_EQ(rope_frequencies(h), (std::vector<float>{1.0F, 0.01F}));
}

TEST(RopeFrequencies, LinearScalingDividesAll) {
    Hyperparameters h = sound();
    h.rope_scaling.kind = RopeScaling::Kind::linear;
    h.rope_scaling.factor = 4;
    EXPECT_EQ(rope_frequencies(h), (std::vector<float>{0.25F, 0.025F, 0.0025F, 0.00025F}));
}

// Wavelengths 6.3, 63, 628, 6283: with 100 positions of old, below 100 / 4 all stay, above 100 / 1
// all are divided, and between them a blend.
TEST(RopeFrequencies, Llama3ScalingKeepsShortWavesAndStretchesLongOnes) {
    Hyperparameters h = sound();
    h.rope_scaling = {.kind = RopeScaling::Kind::llama3,
                      .factor = 8,
                      .low_freq_factor = 1,
                      .high_freq_factor = 4,
                      .original_context = 100};
    const std::vector<float> out = rope_frequencies(h);
    const double smooth = (100 / (20 * std::numbers::pi) - 1) / 3;
    EXPECT_EQ(out[0], 1.0F);
    EXPECT_FLOAT_EQ(out[1], static_cast<float>((1 - smooth) * 0.1 / 8 + smooth * 0.1));
    EXPECT_EQ(out[2], 0.00125F);
    EXPECT_EQ(out[3], 0.000125F);
}

}  // namespace
}  // namespace greenroom::runtime
