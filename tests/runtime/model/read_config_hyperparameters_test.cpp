#include <gtest/gtest.h>

#include "runtime/model/hyperparameters.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

using io::Json;

// The config.json of a sound Mixtral.
Json sound() {
    return Json::parse(R"({
        "model_type": "mixtral", "hidden_act": "silu", "num_hidden_layers": 2, "hidden_size": 32,
        "num_attention_heads": 4, "num_key_value_heads": 2, "num_local_experts": 4,
        "num_experts_per_tok": 2, "intermediate_size": 48, "vocab_size": 24,
        "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "sliding_window": null
    })");
}

io::Result<Hyperparameters> read(const Json& config) {
    return read_config_hyperparameters(config, "config.json");
}

std::string refusal(const char* field, const Json& value) {
    Json config = sound();
    config[field] = value;
    const auto read_ones = read(config);
    return read_ones ? "accepted" : read_ones.error().message;
}

void expect_said(const std::string& message, std::string_view part) {
    EXPECT_NE(message.find(part), std::string::npos) << message << "\nhas no " << part;
}

TEST(ConfigHyperparameters, AreReadAndDefaultsFilledIn) {
    const auto h = read(sound());
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->layers, 2);
    EXPECT_EQ(h->kv_heads, 2);
    EXPECT_EQ(h->head_dim, 8);
    EXPECT_EQ(h->rope_dims, 8);
    EXPECT_EQ(h->expert_ff, 48);
    EXPECT_EQ(h->vocabulary, 24);
    EXPECT_EQ(h->window, 0);
    EXPECT_EQ(h->rope_base, 10000);
}

TEST(ConfigHyperparameters, NullMeansAbsent) {
    Json config = sound();
    config["num_key_value_heads"] = nullptr;
    config["head_dim"] = nullptr;
    config["rope_scaling"] = nullptr;
    const auto h = read(config);
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->kv_heads, 4);
    EXPECT_EQ(h->head_dim, 8);
}

TEST(ConfigHyperparameters, Llama3ScalingIsRead) {
    Json config = sound();
    config["rope_theta"] = 500000.0;
    config["rope_scaling"] = {{"rope_type", "llama3"},
                              {"factor", 8.0},
                              {"low_freq_factor", 1.0},
                              {"high_freq_factor", 4.0},
                              {"original_max_position_embeddings", 64}};
    const auto h = read(config);
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->rope_scaling.kind, RopeScaling::Kind::llama3);
    EXPECT_EQ(h->rope_scaling.original_context, 64);
    EXPECT_EQ(h->rope_base, 500000);
}

TEST(ConfigHyperparameters, NewerFilesKeepTheBaseBesideTheScaling) {
    Json config = sound();
    config["rope_parameters"] = {{"rope_theta", 1e6}, {"rope_type", "default"}};
    const auto h = read(config);
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->rope_base, 1e6);
    EXPECT_EQ(h->rope_scaling.kind, RopeScaling::Kind::none);
}

TEST(ConfigHyperparameters, Hazard052_UnknownScalingIsNamed) {
    expect_said(refusal("rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}}),
                "'dynamic' is not supported");
    expect_said(refusal("rope_scaling", "linear"), "rope_scaling is \"linear\"");
    expect_said(refusal("rope_scaling", {{"type", "linear"}}), "factor is missing");
}

TEST(ConfigHyperparameters, Hazard064_SlidingWindowsThatMakeNoSense) {
    EXPECT_EQ(refusal("sliding_window", 16), "accepted");
    expect_said(refusal("sliding_window", -1), "sliding_window is -1");
    expect_said(refusal("sliding_window", "all"), "sliding_window is \"all\"");
}

TEST(ConfigHyperparameters, Hazard085_NotAnObject) {
    for (const char* text : {"[]", "null", "3", "\"mixtral\""}) {
        const auto h = read(Json::parse(text));
        ASSERT_FALSE(h) << text;
        EXPECT_EQ(h.error().message, "config.json: not a JSON object");
    }
}

TEST(ConfigHyperparameters, Hazard085_RequiredFieldsMissing) {
    for (const char* field : {"num_hidden_layers",
                              "hidden_size",
                              "num_attention_heads",
                              "intermediate_size",
                              "vocab_size",
                              "rms_norm_eps"}) {
        for (const bool null : {false, true}) {
            Json config = sound();
            config.erase(field);
            if (null) config[field] = nullptr;
            const auto h = read(config);
            ASSERT_FALSE(h) << field;
            EXPECT_EQ(h.error().message,
                      "config.json: field " + std::string(field) + " is missing");
        }
    }
}

TEST(ConfigHyperparameters, Hazard085_ValuesOfTheWrongKind) {
    expect_said(refusal("hidden_size", "32"), "hidden_size is \"32\"");
    expect_said(refusal("hidden_size", 32.5), "hidden_size is 32.5");
    expect_said(refusal("hidden_size", 1e30), "hidden_size is 1e+30");
    expect_said(refusal("hidden_size", -32), "hidden_size is -32");
    expect_said(refusal("hidden_size", 4294967296), "hidden_size is 4294967296");
    expect_said(refusal("hidden_size", Json::array({32})), "hidden_size is [32]");
    expect_said(refusal("rms_norm_eps", "1e-5"), "rms_norm_eps is \"1e-5\"");
}

TEST(ConfigHyperparameters, Hazard085_MoreExpertsUsedThanThereAre) {
    expect_said(refusal("num_experts_per_tok", 5), "5 experts used per token, of 4 experts");
}

TEST(ConfigHyperparameters, Hazard085_NamesThatContradictEachOther) {
    expect_said(refusal("num_experts", 8), "num_experts is 8 but another name for it says 4");
    EXPECT_EQ(refusal("num_experts", 4), "accepted");
}

TEST(ConfigHyperparameters, Hazard086_QuantisedFoldersAreNamed) {
    expect_said(refusal("quantization_config", {{"quant_method", "gptq"}, {"bits", 4}}), "(gptq)");
    expect_said(refusal("quantization_config", "awq"), "of unknown method");
    expect_said(refusal("compression_config", {{"quant_method", "fp8"}}), "(fp8)");
}

TEST(ConfigHyperparameters, ArithmeticOfOtherModelsIsRefused) {
    expect_said(refusal("hidden_act", "gelu"), "hidden_act is \"gelu\"");
    expect_said(refusal("attention_bias", true), "attention_bias is true");
    EXPECT_EQ(refusal("attention_bias", false), "accepted");
}

}  // namespace
}  // namespace greenroom::runtime
