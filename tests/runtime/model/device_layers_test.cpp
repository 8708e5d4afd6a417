#include "runtime/model/device_layers.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "cache/make_policy.hpp"
#include "tests/support/device_case.hpp"
#include "tests/support/tiny_model.hpp"

// The whole forward pass on an emulated GPU.
namespace greenroom::runtime {
namespace {

using tests::DeviceCase;
using tests::TinyModel;

const std::vector<std::int32_t> kPrompt = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
const std::vector<std::int32_t> kReply = {7, 0, 11};

class DeviceLayersTest : public testing::Test {
 protected:
    std::unique_ptr<Model> load(TinyModel model, const ModelSettings& settings) {
        auto loaded = Model::load(model.open(folder_), settings, pool_);
        EXPECT_TRUE(loaded) << loaded.error().message;
        return loaded ? *std::move(loaded) : nullptr;
    }
    static ModelSettings on(DeviceCase& device) {
        ModelSettings settings{.kv_type = kernels::KvType::f32, .context = 32};
        settings.gpu.stream = &device.stream();
        return settings;
    }
    // The logits of a prompt, all positions, and of a few tokens behind it.
    static std::vector<float> logits(Model& model) {
        std::vector<float> out;
        const auto take = [&](std::span<const std::int32_t> tokens) {
            const auto rows = model.forward(tokens, LogitRows::all);
            ASSERT_TRUE(rows) << rows.error().message;
            out.insert(out.end(), rows->begin(), rows->end());
        };
        take(kPrompt);
        for (const std::int32_t token : kReply) take({&token, 1});
        return out;
    }
    static void expect_near(std::span<const float> got, std::span<const float> expected) {
        ASSERT_EQ(got.size(), expected.size());
        // Between float32 implementations, data/models/README.md.
        for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 2e-4) << i;
    }

    tests::TemporaryFolder folder_;
    kernels::ThreadPool pool_{2};
};

TEST_F(DeviceLayersTest, AgreeWithTheCpu) {
    for (const TinyModel::Shape& shape :
         {TinyModel::Shape{}, TinyModel::Shape{.experts = 0}, TinyModel::Shape{.tied = true}}) {
        const auto on_cpu =
            load(TinyModel(shape), {.kv_type = kernels::KvType::f32, .context = 32});
        DeviceCase device;
        const auto on_gpu = load(TinyModel(shape), on(device));
        ASSERT_TRUE(on_cpu && on_gpu);
        expect_near(logits(*on_gpu), logits(*on_cpu));
    }
}

TEST_F(DeviceLayersTest, ABatchGivesTheBitsOfOneTokenAfterTheOther) {
    DeviceCase device;
    const auto model = load(TinyModel(), on(device));
    const std::vector<float> together = logits(*model);
    model->truncate(0);
    std::vector<float> one_by_one;
    for (const auto& tokens : {kPrompt, kReply}) {
        for (const std::int32_t token : tokens) {
            const auto row = model->forward({&token, 1}, LogitRows::last);
            ASSERT_TRUE(row);
            one_by_one.insert(one_by_one.end(), row->begin(), row->end());
        }
    }
    EXPECT_EQ(together, one_by_one);
}

TEST_F(DeviceLayersTest, EveryBudgetPolicyPredictorAndOrderGivesTheSameBits) {
    DeviceCase plain;
    const std::vector<float> expected = logits(*load(TinyModel(), on(plain)));
    std::uint64_t seed = 1;
    const std::uint64_t slot = 32768;  // more than an expert of the tiny model
    for (const std::string_view policy : cache::policy_names()) {
        for (const std::uint64_t slots : {0, 2, 5}) {
            SCOPED_TRACE(testing::Message() << policy << ", " << slots << " slots, seed " << seed);
            DeviceCase device({.seed = ++seed});
            ModelSettings settings = on(device);
            settings.experts.policy = policy;
            settings.experts.host_budget_bytes = (slots + 1) * slot;
            settings.experts.prefetch.predictor = seed % 2 == 0 ? "next_gate" : "previous_token";
            settings.experts.device.emplace();
            settings.experts.device->budget_bytes = slots * slot;
            settings.experts.device->inclusion =
                seed % 3 == 0 ? cache::Inclusion::exclusive : cache::Inclusion::inclusive;
            const auto model = load(TinyModel(), settings);
            ASSERT_TRUE(model);
            EXPECT_EQ(logits(*model), expected);
        }
    }
}

TEST_F(DeviceLayersTest, TheCpuComputesWhatItIsLeft) {
    DeviceCase plain;
    const std::vector<float> expected = logits(*load(TinyModel(), on(plain)));
    for (const cache::MissRule miss : {cache::MissRule::cpu, cache::MissRule::split}) {
        DeviceCase device;
        ModelSettings settings = on(device);
        settings.experts.device.emplace();
        settings.experts.device->miss = miss;
        settings.experts.device->budget_bytes = 3 * 32768;
        const auto model = load(TinyModel(), settings);
        ASSERT_TRUE(model);
        expect_near(logits(*model), expected);
        EXPECT_GT(tier_status(*model)->cpu_experts, 0u);
    }
}

TEST_F(DeviceLayersTest, AShiftedContextGoesOnAsOnTheCpu) {
    const auto on_cpu = load(TinyModel(), {.kv_type = kernels::KvType::f32, .context = 32});
    DeviceCase device;
    const auto on_gpu = load(TinyModel(), on(device));
    std::vector<std::vector<float>> after;
    for (Model* model : {on_cpu.get(), on_gpu.get()}) {
        logits(*model);
        model->shift(2, 3);
        const auto row = model->forward(kReply, LogitRows::last);
        ASSERT_TRUE(row) << row.error().message;
        after.emplace_back(row->begin(), row->end());
    }
    expect_near(after[1], after[0]);
}

TEST_F(DeviceLayersTest, TheObserverIsToldWhatTheCpuWouldSay) {
    std::vector<std::vector<std::int32_t>> told;
    DeviceCase device;
    for (const bool gpu : {false, true}) {
        const auto model =
            load(TinyModel(),
                 gpu ? on(device) : ModelSettings{.kv_type = kernels::KvType::f32, .context = 32});
        told.emplace_back();
        model->observe_routing([&](const RoutingRow& row) {
            told.back().push_back(row.token_id);
            told.back().insert(told.back().end(), row.experts.begin(), row.experts.end());
        });
        logits(*model);
    }
    EXPECT_EQ(told[0], told[1]);
}

TEST_F(DeviceLayersTest, Hazard128_NoRoomAtAnyAllocationIsOneLineWithTheNumbers) {
    for (int n_granted = 0;; ++n_granted) {
        DeviceCase device;
        int n_left = n_granted;
        device.gpu().fails = [&](const char* call) {
            const bool allocates = std::string_view(call).starts_with("allocate");
            return allocates && n_left-- <= 0 ? kernels::kGpuOutOfMemory : kernels::kGpuOk;
        };
        TinyModel tiny;
        auto loaded = Model::load(tiny.open(folder_), on(device), pool_);
        if (loaded) {
            EXPECT_GT(n_granted, 30);
            break;
        }
        EXPECT_TRUE(loaded.error().message.starts_with("emulated has no room for"))
            << n_granted << ": " << loaded.error().message;
        EXPECT_FALSE(device.device().fault());
    }
}

TEST_F(DeviceLayersTest, Hazard129_AFaultAtAnyCallOfAStepEndsItWithAnError) {
    for (int n_good = 0;; ++n_good) {
        DeviceCase device;
        const auto model = load(TinyModel(), on(device));
        int n_left = n_good;
        device.gpu().fails = [&](const char*) {
            return n_left-- <= 0 ? kernels::kGpuIllegalAddress : kernels::kGpuOk;
        };
        const auto row = model->forward(kPrompt, LogitRows::last);
        device.gpu().fails = {};
        if (row) {
            EXPECT_GT(n_good, 50);
            break;
        }
        EXPECT_NE(row.error().message.find("failed at"), std::string::npos) << row.error().message;
        EXPECT_FALSE(model->forward(kReply, LogitRows::last)) << "a fault is for ever";
    }
}

TEST_F(DeviceLayersTest, StopBetweenTwoLayers) {
    DeviceCase device;
    const auto model = load(TinyModel(), on(device));
    std::stop_source stop;
    stop.request_stop();
    model->stop_when(stop.get_token());
    const auto row = model->forward(kPrompt, LogitRows::last);
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().message, "stopped");
    EXPECT_EQ(model->length(), 0);
}

}  // namespace
}  // namespace greenroom::runtime
