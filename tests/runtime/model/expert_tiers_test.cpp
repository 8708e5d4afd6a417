#include "runtime/model/expert_tiers.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "cache/make_policy.hpp"
#include "io/model_files.hpp"
#include "runtime/model/model.hpp"
#include "tests/support/allocations.hpp"
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

// The prompt uses nearly every expert of every layer.
TEST_F(ExpertTiersTest, APromptLargerThanTheBudgetKeepsToItAndGivesTheSameBits) {
    for (const cache::Scope scope : {cache::Scope::global, cache::Scope::layer}) {
        for (const std::uint64_t slots : {0, 1, 3, 12}) {
            for (const bool has_device : {false, true}) {
                SCOPED_TRACE(testing::Message() << slots << ", device: " << has_device);
                ExpertTierSettings tiers;
                tiers.host_budget_bytes = slots * kSlot;
                tiers.scope = scope;
                if (has_device) tiers.device = EmulatedDevice{.budget_bytes = slots * kSlot / 2};
                const auto model = load(tiers, pool_);
                ASSERT_TRUE(model) << model.error().message;
                EXPECT_EQ(logits(**model), expected_);
                const cache::StoreStatus status = (*model)->expert_tiers()->status();
                EXPECT_LE(status.host_bytes.peak_memory,
                          status.host_bytes.budget + status.slots.largest_bytes);
                EXPECT_LE(status.device_bytes.peak_memory,
                          status.device_bytes.budget + status.slots.largest_bytes);
            }
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

// The device is emulated by the same processor, so that even what the CPU computes has the same
// bits.
TEST_F(ExpertTiersTest, EveryMissPathGivesTheSameBits) {
    for (const cache::MissRule miss : {cache::MissRule::cpu, cache::MissRule::split}) {
        for (const cache::Inclusion inclusion :
             {cache::Inclusion::inclusive, cache::Inclusion::exclusive}) {
            for (const std::uint64_t slots : {0, 2, 12, 60}) {
                for (const std::string_view policy : cache::policy_names()) {
                    if (slots != 12 && policy != "lru") continue;
                    SCOPED_TRACE(testing::Message() << policy << ", " << slots << " slots");
                    ExpertTierSettings tiers;
                    tiers.host_budget_bytes = (slots + 4) * kSlot;
                    tiers.device = EmulatedDevice{slots * kSlot, 2e9, inclusion, miss};
                    tiers.policy = policy;
                    expect_same_logits(tiers);
                }
            }
        }
    }
}

TEST_F(ExpertTiersTest, HitsDoNotDependOnTheMissPath) {
    std::optional<cache::StoreStatus> fetched;
    for (const cache::MissRule miss :
         {cache::MissRule::fetch, cache::MissRule::cpu, cache::MissRule::split}) {
        ExpertTierSettings tiers;
        tiers.host_budget_bytes = 16 * kSlot;
        tiers.device = EmulatedDevice{8 * kSlot, 1e9, cache::Inclusion::exclusive, miss};
        const auto model = load(tiers, pool_);
        ASSERT_TRUE(model);
        logits(**model);
        const auto status = tier_status(**model);
        if (!fetched) fetched = status;
        EXPECT_EQ(status->device->hits, fetched->device->hits);
        EXPECT_EQ(status->host.hits, fetched->host.hits);
        EXPECT_EQ(status->cpu_experts == 0, miss == cache::MissRule::fetch);
    }
}

TEST_F(ExpertTiersTest, BothQueuesGiveTheSameBits) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 4 * kSlot;
    tiers.queue = io::QueueKind::pread;
    tiers.queue_depth = 2;
    expect_same_logits(tiers);
}

// What the model routes to, by the positions of the tokens.
prefetch::RoutingRecord record_of(Model& model) {
    prefetch::RoutingRecord record;
    model.observe_routing([&](const RoutingRow& row) {
        const std::vector<std::uint16_t> experts(row.experts.begin(), row.experts.end());
        record.add({.at = {static_cast<std::uint32_t>(row.position),
                           static_cast<std::uint16_t>(row.layer)},
                    .experts = experts});
    });
    logits(model);
    model.observe_routing({});
    return record;
}

ExpertTierSettings predicting(std::string_view predictor, const prefetch::RoutingRecord& record) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 20 * kSlot;
    tiers.prefetch.predictor = predictor;
    tiers.prefetch.record = &record;
    return tiers;
}

TEST_F(ExpertTiersTest, EveryPredictorGivesTheSameBits) {
    const prefetch::RoutingRecord record = record_of(**load({}, pool_));
    for (const std::string_view predictor : prefetch::predictor_names()) {
        for (const std::size_t look_ahead : {1, 3}) {
            for (const bool has_device : {false, true}) {
                SCOPED_TRACE(testing::Message() << predictor << " " << look_ahead);
                ExpertTierSettings tiers = predicting(predictor, record);
                tiers.prefetch.plan.look_ahead = look_ahead;
                tiers.prefetch.plan.host_look_ahead = 4;
                if (has_device) {
                    tiers.device = EmulatedDevice{.budget_bytes = 8 * kSlot,
                                                  .link_bytes_per_second = 2e9,
                                                  .inclusion = cache::Inclusion::exclusive};
                }
                expect_same_logits(tiers, has_device ? 1 : 3);
            }
        }
    }
}

TEST_F(ExpertTiersTest, GuessesWithoutRoomGiveTheSameBits) {
    const prefetch::RoutingRecord record = record_of(**load({}, pool_));
    for (const std::uint64_t room : {std::uint64_t{0}, kSlot}) {
        ExpertTierSettings tiers = predicting("oracle", record);
        tiers.guess_bytes = room;
        expect_same_logits(tiers);
    }
}

TEST_F(ExpertTiersTest, TheOracleIsAlwaysRightAndOthersAreOnlySometimes) {
    const prefetch::RoutingRecord record = record_of(**load({}, pool_));
    for (const std::string_view predictor : prefetch::predictor_names()) {
        SCOPED_TRACE(predictor);
        const auto model = load(predicting(predictor, record), pool_);
        ASSERT_TRUE(model) << model.error().message;
        logits(**model);
        prefetch::PredictionCounters all;
        for (const prefetch::PredictionCounters& layer : (*model)->predictions()) {
            all.guessed += layer.guessed;
            all.used += layer.used;
            all.right += layer.right;
        }
        if (predictor == "none") {
            EXPECT_EQ(all.used, 0u);
            continue;
        }
        EXPECT_EQ(all.used, 4u * 6 * 2);  // four tokens, six layers, two experts
        if (predictor == "oracle") {
            EXPECT_EQ(all.recall(), 1);
            EXPECT_EQ(all.precision(), 1);
        } else {
            EXPECT_LE(all.right, all.guessed);
        }
        const cache::GuessCounters& guesses = (*model)->expert_tiers()->status().guesses;
        EXPECT_EQ(guesses.issued > 0, all.guessed > 0);
        EXPECT_LE(guesses.useful + guesses.wasted + guesses.withdrawn, guesses.issued);
    }
}

// Counts calls of new on every thread: the loader's and the link's too.
TEST_F(ExpertTiersTest, NothingIsAllocatedOnceEveryExpertHasBeenSeen) {
    const prefetch::RoutingRecord record = record_of(**load({}, pool_));
    kernels::ThreadPool one(1);
    for (const std::string_view predictor : prefetch::predictor_names()) {
        SCOPED_TRACE(predictor);
        ExpertTierSettings tiers = predicting(predictor, record);
        tiers.device = EmulatedDevice{.budget_bytes = 8 * kSlot, .link_bytes_per_second = 2e9};
        const auto model = load(tiers, one);
        ASSERT_TRUE(model) << model.error().message;
        for (int i = 0; i < 3; ++i) {
            (*model)->truncate(0);
            logits(**model);
        }
        const std::int32_t token = 282;
        ASSERT_TRUE((*model)->forward({&token, 1}, LogitRows::last));
        const std::uint64_t before = tests::allocations();
        for (int i = 0; i < 20; ++i) {
            ASSERT_TRUE((*model)->forward({&token, 1}, LogitRows::last));
        }
        EXPECT_EQ(tests::allocations(), before);
    }
}

TEST_F(ExpertTiersTest, APredictorWithoutTiersIsSaidToHaveNothingToDo) {
    ExpertTierSettings tiers;
    tiers.prefetch.predictor = "frequency";
    const auto model = load(tiers, pool_);
    ASSERT_TRUE(model);
    EXPECT_EQ(logits(**model), expected_);
    EXPECT_TRUE((*model)->predictions().empty());
    ASSERT_EQ((*model)->notices().size(), 1u);
    EXPECT_EQ((*model)->notices()[0],
              "prefetch.predictor frequency: every expert is in memory, there is nothing to fetch "
              "ahead");
}

TEST_F(ExpertTiersTest, UnknownPredictorsAreRefusedByName) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 0;
    tiers.prefetch.predictor = "crystal_ball";
    const auto model = load(tiers, pool_);
    ASSERT_FALSE(model);
    EXPECT_NE(model.error().message.find("predictor 'crystal_ball' is not known; there are: none"),
              std::string::npos);
}

TEST_F(ExpertTiersTest, SoManyExpertsOfEveryLayerStay) {
    for (const int experts : {1, 2, 8}) {
        ExpertTierSettings tiers;
        tiers.host_experts_per_layer = experts;
        tiers.host_budget_bytes = 0;
        const auto model = load(tiers, pool_);
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_EQ(logits(**model), expected_);
        std::uint64_t misses = (*model)->expert_tiers()->status().host.misses;
        for (const std::int32_t token : {282, 282}) {
            ASSERT_TRUE((*model)->forward({&token, 1}, LogitRows::last));
        }
        // With room for all of them each is read once; with room for one, two of a token never fit.
        misses = (*model)->expert_tiers()->status().host.misses - misses;
        if (experts == 8) {
            EXPECT_LE((*model)->expert_tiers()->status().host.misses, 48u);
        }
        if (experts == 1) {
            EXPECT_GE(misses, 6u);
        }
        EXPECT_LE((*model)->expert_tiers()->status().host_bytes.used,
                  6 * static_cast<std::uint64_t>(experts) * kSlot * 11 / 10);
    }
}

TEST_F(ExpertTiersTest, AProfileOfAnotherModelIsRefused) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 8 * kSlot;
    tiers.profile.layers = 6;
    tiers.profile.experts = 9;
    const auto model = load(tiers, pool_);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().message,
              "cache.profile: a trace of 6 layers of 9 experts; the model has 6 of 8");
}

TEST_F(ExpertTiersTest, SharesOfLayersGiveTheSameBits) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 20 * kSlot;
    tiers.scope = cache::Scope::layer;
    tiers.profile.layer_shares = {0.5, 0.1, 0.1, 0.1, 0.1, 0.1};
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
    EXPECT_LE(status.host_bytes.peak, 60 * kSlot);
}

// Random tokens, one at a time, at the smallest budget that holds what a token uses of a layer.
class TiersInUse {
 public:
    explicit TiersInUse(const ExpertTierSettings& tiers) {
        auto loaded = load(tiers, pool_);
        EXPECT_TRUE(loaded) << loaded.error().message;
        model_ = *std::move(loaded);
    }
    void decode(int n_tokens) {
        for (int i = 0; i < n_tokens; ++i) {
            if (model_->length() == model_->context()) model_->truncate(0);
            seed_ = seed_ * 1'664'525 + 1'013'904'223;
            const auto token = static_cast<std::int32_t>(seed_ % 2000);
            ASSERT_TRUE(model_->forward({&token, 1}, LogitRows::last));
        }
    }
    cache::StoreStatus status() const { return model_->expert_tiers()->status(); }

 private:
    kernels::ThreadPool pool_{1};  // of several, one may get its first work, and its scratch, late
    std::unique_ptr<Model> model_;
    std::uint32_t seed_ = 1;
};

TEST(ExpertTiersInUse, AllocateNothingForATokenOnceWarm) {
    for (const io::QueueKind queue : {io::QueueKind::automatic, io::QueueKind::pread}) {
        for (const bool has_device : {false, true}) {
            ExpertTierSettings tiers;
            tiers.host_budget_bytes = 2 * kSlot;
            tiers.queue = queue;
            if (has_device) tiers.device = EmulatedDevice{2 * kSlot, 0};
            TiersInUse model(tiers);
            model.decode(60);
            const std::uint64_t before = tests::allocations();
            model.decode(40);
            EXPECT_EQ(tests::allocations(), before);
        }
    }
}

// Pages of address space that this process has mapped.
std::uint64_t mapped_pages() {
    std::ifstream in("/proc/self/statm");
    std::uint64_t pages = 0;
    in >> pages;
    return pages;
}

TEST(SlowExpertTiersInUse, TenThousandTokensAtTheSmallestBudgetTakeNoMoreMemory) {
    ExpertTierSettings tiers;
    tiers.host_budget_bytes = 2 * kSlot;
    TiersInUse model(tiers);
    model.decode(500);
    const std::uint64_t peak = model.status().host_bytes.peak, pages = mapped_pages();
    const std::uint64_t allocations = tests::allocations();  // last: reading the others allocates
    model.decode(9'500);
    EXPECT_EQ(tests::allocations(), allocations);
    EXPECT_LE(mapped_pages(), pages);
    EXPECT_EQ(model.status().host_bytes.peak, peak);
    EXPECT_LE(peak, 3 * kSlot);  // two slots, which are a little larger
}

}  // namespace
}  // namespace greenroom::runtime
