#include "runtime/lab/synth_plan.hpp"

#include <gtest/gtest.h>

#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {
namespace {

io::Metadata three_tokens() {
    io::Metadata metadata("tokenizer.gguf");
    metadata.insert("general.name", std::string("donor"));
    metadata.insert("tokenizer.ggml.model", std::string("llama"));
    metadata.insert("tokenizer.ggml.tokens", std::vector<std::string>{"<unk>", "<s>", "</s>"});
    metadata.insert("tokenizer.ggml.scores", std::vector<float>{0, -1, -2});
    metadata.insert("tokenizer.ggml.token_type", std::vector<std::int32_t>{2, 3, 3});
    metadata.insert("tokenizer.chat_template", std::string("{{ messages }}"));
    return metadata;
}

std::string error(const SynthRequest& request) {
    const auto plan = plan_synthetic_model(request, three_tokens());
    return plan ? "" : plan.error().message;
}

const io::TensorPlan* find(const SynthPlan& plan, std::string_view name) {
    for (const io::TensorPlan& tensor : plan.tensors) {
        if (tensor.name == name) return &tensor;
    }
    return nullptr;
}

// The bytes of one expert in published Q4_K_M files of these models.
TEST(SynthPlan, ExpertsHaveThePublishedSizes) {
    struct Case {
        const char* shape;
        int layer;
        std::uint64_t expert_bytes;
    };
    for (const Case& c : {Case{"mixtral-8x7b", 4, 99090432},
                          Case{"mixtral-8x7b", 0, 114229248},
                          Case{"qwen3-30b-a3b-like", 6, 2654208},
                          Case{"qwen3-30b-a3b-like", 0, 3059712}}) {
        const auto plan = plan_synthetic_model({c.shape, "q4_k_m", {}, {}}, three_tokens());
        ASSERT_TRUE(plan) << plan.error().message;
        std::uint64_t bytes = 0, experts = 0;
        for (const char* part : {"gate", "up", "down"}) {
            const auto* tensor =
                find(*plan, "blk." + std::to_string(c.layer) + ".ffn_" + part + "_exps.weight");
            ASSERT_NE(tensor, nullptr);
            bytes += tensor->bytes();
            experts = tensor->shape[2];
        }
        EXPECT_EQ(bytes / experts, c.expert_bytes) << c.shape << " layer " << c.layer;
    }
}

TEST(SynthPlan, PadsTheTokenizerToTheVocabulary) {
    const auto plan = plan_synthetic_model({"small-moe", "q8_0", {}, {}}, three_tokens());
    ASSERT_TRUE(plan);
    const auto tokens = plan->metadata.texts("tokenizer.ggml.tokens");
    ASSERT_TRUE(tokens && *tokens != nullptr);
    ASSERT_EQ((*tokens)->size(), 2048u);
    EXPECT_EQ((*tokens)->at(2), "</s>");
    EXPECT_EQ((*tokens)->at(2047), "[PAD2047]");
    EXPECT_EQ((*plan->metadata.integers("tokenizer.ggml.token_type"))->at(3), 5);
    EXPECT_EQ((*plan->metadata.floats("tokenizer.ggml.scores"))->size(), 2048u);
    EXPECT_NE(plan->metadata.find("tokenizer.chat_template"), nullptr);
    EXPECT_EQ(**plan->metadata.text("general.name"), "small-moe q8_0, random");
}

TEST(SynthPlan, LayersAndExpertsCanBeChosen) {
    const auto plan = plan_synthetic_model({"small-moe", "q4_k", 3, 16}, three_tokens());
    ASSERT_TRUE(plan);
    const auto h = read_gguf_hyperparameters(plan->metadata, "llama");
    ASSERT_TRUE(h) << h.error().message;
    EXPECT_EQ(h->layers, 3);
    EXPECT_EQ(h->experts, 16);
    EXPECT_EQ(h->expert_ff, 512);
    EXPECT_EQ(find(*plan, "blk.2.ffn_up_exps.weight")->shape,
              (std::vector<std::uint64_t>{512, 512, 16}));
    EXPECT_EQ(find(*plan, "blk.3.attn_q.weight"), nullptr);
}

TEST(SynthPlan, DenseShapesHaveNoRouter) {
    const auto plan = plan_synthetic_model({"tinyllama-1.1b", "q4_0", 1, {}}, three_tokens());
    ASSERT_TRUE(plan);
    EXPECT_EQ(find(*plan, "blk.0.ffn_gate_inp.weight"), nullptr);
    EXPECT_NE(find(*plan, "blk.0.ffn_gate.weight"), nullptr);
}

TEST(SynthPlan, ErrorsSayWhatThereIs) {
    EXPECT_NE(error({"mixtral", "q4_k", {}, {}}).find("there are mixtral-8x7b, "),
              std::string::npos);
    EXPECT_NE(error({"mixtral-8x7b", "q4", {}, {}}).find("there are q4_k_m"), std::string::npos);
    EXPECT_NE(error({"mistral-7b", "q4_k", {}, 8}), "");
    EXPECT_NE(error({"mixtral-8x7b", "q4_k", {}, 1}), "") << "fewer than are used";
    EXPECT_NE(error({"mixtral-8x7b", "q4_k", 0, {}}), "");
}

TEST(SynthPlan, ATokenizerThatIsTooLargeIsRefused) {
    io::Metadata metadata("large.gguf");
    metadata.insert("tokenizer.ggml.tokens", std::vector<std::string>(2049, "a"));
    EXPECT_FALSE(plan_synthetic_model({"small-moe", "q4_k", {}, {}}, metadata));
    EXPECT_FALSE(plan_synthetic_model({"small-moe", "q4_k", {}, {}}, io::Metadata("none.gguf")));
}

}  // namespace
}  // namespace greenroom::runtime
