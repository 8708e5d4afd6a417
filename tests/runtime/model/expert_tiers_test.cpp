#include "runtime/model/expert_tiers.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "cache/make_policy.hpp"
#include "io/model_files.hpp"
#include "runtime/model/model.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

const std::string kDemo = "configs/demo/greenroom-demo-Q4_K_M.gguf";
constexpr std::uint64_t kSlot = 262'144;  // about one expert of the demo model
const std::vector<std::int32_t> kPrompt = {1, 266, 267, 1994, 565, 331, 426, 259, 1493, 296, 1981};

io::Result<std::unique_ptr<Model>> load(const ExpertTierSettings& experts,
                                        kernels::ThreadPool& pool) {
    auto files = io::open_model_files(tests::source_path(kDemo));
    if (!files) return files.error();
    ModelSettings settings;
    settings.context = 64;
    settings.experts = experts;
    return Model::load(std::move(*files), settings, pool);
}

// The logits of a prompt and of a few tokens behind it.
std::vector<float> logits(Model& model) {
    std::vector<float> out;
    const auto take = [&](std::span<const std::int32_t> tokens) {
        const auto row = model.forward(tokens, LogitRows::last);
        ASSERT_TRUE(row) << row.error().message;
        out.insert(out.end(), row->begin(), row->end());
    };
    take(kPrompt);
    for (const std::int32_t token : {282, 267, 1994, 305}) take({&token, 1});
    return out;
}

class ExpertTiersTest : public testing::Test {
 protected:
    void expect_same_logits(const ExpertTierSettings& experts, int n_threads = 2) {
        kernels::ThreadPool pool(n_threads);
        const auto model = load(experts, pool);
        ASSERT_TRUE(model) << model.error().message;
        ASSERT_NE((*model)->expert_tiers(), nullptr);
        EXPECT_EQ(logits(**model), expected_);
    }

    kernels::ThreadPool pool_{2};
    std::vector<float> expected_ = logits(**load({}, pool_));
};

TEST_F(ExpertTiersTest, EveryBudgetGivesTheSameBits) {
    for (const std::uint64_t slots : {0, 1, 5, 20, 1000}) {
        SCOPED_TRACE(slots);
        ExpertTierSettings tiers;
        tiers.host_budget_bytes = slots * kSlot;
        expect_same_logits(tiers);
    }
}

TEST_F(ExpertTiersTest, EveryPolicyAndScopeGivesTheSameBits) {
    for (const std::string_view policy : cache::policy_names()) {
        for (const cache::Scope scope : {cache::Scope::global, cache::Scope::layer}) {
            SCOPED_TRACE(policy);
            ExpertTierSettings tiers;
            tiers.host_budget_bytes = 24 * kSlot;
            tiers.policy = policy;
            tiers.scope = scope;
            expect_same_logits(tiers);
        }
    }
}

TEST_F(ExpertTiersTest, ADeviceGivesTheSameBitsAtEveryThreadCount) {
    for (const cache::Inclusion inclusion :
         {cache::Inclusion::inclusive, cache::Inclusion::exclusive}) {
        for (const int threads : {1, 3}) {
            ExpertTierSettings tiers;
            tiers.host_budget_bytes = 16 * kSlot;
            tiers.device = EmulatedDevice{8 * kSlot, 4e9, inclusion};
            expect_same_logits(tiers, threads);
        }
    }
}

TEST_F(ExpertTiersTest, BothQueuesGiveTheSameBits) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 4 * kSlot;
    tiers.queue = io::QueueKind::pread;
    tiers.queue_depth = 2;
    expect_same_logits(tiers);
}

TEST_F(ExpertTiersTest, UnknownPoliciesAreRefusedByName) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 0;
    tiers.policy = "clairvoyant";
    const auto model = load(tiers, pool_);
    ASSERT_FALSE(model);
    EXPECT_NE(model.error().message.find("policy 'clairvoyant' is not known; there are: lru"),
              std::string::npos);
}

TEST_F(ExpertTiersTest, HitsMissesAndBytesAreCounted) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 48 * kSlot;
    const auto model = load(tiers, pool_);
    ASSERT_TRUE(model);
    logits(**model);
    const cache::StoreStatus status = (*model)->expert_tiers()->status();
    // Six layers, two experts for each of four tokens, and a prompt of at least two.
    EXPECT_GE(status.host.hits + status.host.misses, 6u * (2 * 4 + 2));
    EXPECT_GT(status.host.hits, 0u);
    EXPECT_GE(status.disk.counters.bytes_read, status.host.misses * 200'000);
    EXPECT_LE(status.host_peak_bytes, 60 * kSlot);
}

}  // namespace
}  // namespace greenroom::runtime
