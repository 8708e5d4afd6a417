#include "runtime/model/decoder.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "tests/support/allocations.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::TinyModel;

using Ids = std::vector<std::int32_t>;

const ModelSettings kExact = {.arithmetic = kernels::Arithmetic::exact,
                              .kv_type = kernels::KvType::f32};

// A loaded tiny model.
class Loaded {
 public:
    explicit Loaded(const TinyModel& tiny = {},
                    const ModelSettings& settings = kExact,
                    int threads = 2)
        : pool_(threads) {
        auto model = Model::load(tiny.open(folder_), settings, pool_);
        EXPECT_TRUE(model) << model.error().message;
        if (model) model_ = *std::move(model);
    }

    Model* operator->() const { return model_.get(); }

    // The logits after the last id, or the error's message in `error`.
    std::vector<float> read(const Ids& ids) {
        const auto logits = model_->forward(ids, LogitRows::last);
        error = logits ? "" : logits.error().message;
        return logits ? std::vector<float>(logits->begin(), logits->end()) : std::vector<float>();
    }

    std::string error;

 private:
    tests::TemporaryFolder folder_;
    kernels::ThreadPool pool_;
    std::unique_ptr<Model> model_;
};

const Ids kText = {1, 5, 9, 2, 7, 23, 0, 11, 4, 4, 16, 3};

TEST(Decoder, LogitsOfAllPositionsEndWithThoseOfTheLast) {
    Loaded model;
    const auto all = model->forward(kText, LogitRows::all);
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_EQ(all->size(), kText.size() * 24);
    const std::vector<float> last(all->end() - 24, all->end());
    model->truncate(0);
    EXPECT_EQ(model.read(kText), last);
}

TEST(Decoder, GoesOnWhereItStopped) {
    Loaded at_once, in_parts;
    const std::vector<float> expected = at_once.read(kText);
    in_parts.read({kText.begin(), kText.begin() + 5});
    EXPECT_EQ(in_parts->length(), 5);
    in_parts.read({kText.begin() + 5, kText.end() - 1});
    EXPECT_EQ(in_parts.read({kText.back()}), expected);
    EXPECT_EQ(in_parts->length(), 12);
}

TEST(Decoder, ForgetsWhatIsTruncated) {
    Loaded model, fresh;
    model.read(kText);
    model->truncate(4);
    EXPECT_EQ(model->length(), 4);
    Ids other(kText.begin(), kText.begin() + 4);
    other.push_back(20);
    EXPECT_EQ(model.read({20}), fresh.read(other));
}

// In a model of one layer keys and values do not know their neighbours, so what is left after a
// shift is what reading the rest anew would give, but for the rounding of angles: positions are
// below 16, so an angle's sine is off by 16 roundings of one; times 8 such keys in a score of
// values below 100, softmax and products as large again, far below the 2e-4 between
// implementations.
TEST(Decoder, ShiftKeepsTheRestAsIfReadAnew) {
    TinyModel::Shape shape;
    shape.layers = 1;
    const TinyModel tiny(shape);
    Loaded shifted(tiny), anew(tiny);
    shifted.read(kText);
    shifted->shift(2, 5);
    EXPECT_EQ(shifted->length(), 7);
    Ids rest(kText.begin(), kText.begin() + 2);
    rest.insert(rest.end(), kText.begin() + 7, kText.end());
    anew.read(rest);
    const std::vector<float> found = shifted.read({8}), expected = anew.read({8});
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 2e-4);
}

TEST(Decoder, TellsEveryRoutedTokenUntilToldToStop) {
    Loaded model(TinyModel(), {.arithmetic = kernels::Arithmetic::exact, .batch = 5});
    std::vector<std::pair<int, int>> seen;  // layer, position
    model->observe_routing([&](const RoutingRow& row) {
        seen.emplace_back(row.layer, row.position);
        EXPECT_EQ(row.experts.size(), 2u);
        EXPECT_GE(row.weights[0], row.weights[1]);
        EXPECT_EQ(row.token_id, kText[static_cast<std::size_t>(row.position)]);
    });
    model.read(kText);
    EXPECT_EQ(seen.size(), 2 * kText.size());
    std::ranges::sort(seen);
    EXPECT_EQ(std::ranges::unique(seen).size(), 0u);
    model->observe_routing({});
    model.read({3});
    EXPECT_EQ(seen.size(), 2 * kText.size());
}

TEST(Decoder, StopsBetweenLayersAndForgetsTheBatchAtHand) {
    Loaded model(TinyModel(), {.batch = 5}), untouched(TinyModel(), {.batch = 5});
    model.read({1, 2});
    std::stop_source source;
    model->stop_when(source.get_token());
    model->observe_routing([&](const RoutingRow& row) {
        if (row.position >= 7) source.request_stop();  // in the second batch
    });
    const auto cut = model->forward(kText, LogitRows::last);
    EXPECT_FALSE(cut);
    EXPECT_EQ(model->length(), 2 + 5);
    model->stop_when({});
    model->truncate(2);
    untouched.read({1, 2});
    EXPECT_EQ(model.read(kText), untouched.read(kText));
}

TEST(Decoder, DenseModelsRouteNothing) {
    TinyModel::Shape shape;
    shape.experts = 0;
    Loaded model((TinyModel(shape)));
    model->observe_routing([](const RoutingRow&) { ADD_FAILURE(); });
    EXPECT_EQ(model.read(kText).size(), 24u);
}

TEST(Decoder, RefusesIdsOutOfRangeAndKeepsWhatItRead) {
    Loaded model;
    model.read(kText);
    for (const std::int32_t id : {-1, 24, std::numeric_limits<std::int32_t>::min()}) {
        model.read({1, id});
        EXPECT_NE(model.error.find("the vocabulary has ids 0 to 23"), std::string::npos);
    }
    EXPECT_EQ(model->length(), 12);
}

TEST(Decoder, SaysWhereTheContextIsFull) {
    Loaded model(TinyModel(), {.context = 14});
    model.read(kText);
    model.read({1, 2, 3});
    EXPECT_EQ(model.error, "the context is full at position 14: 3 tokens to read, room for 2");
    EXPECT_EQ(model->length(), 12);
    EXPECT_FALSE(model.read({1, 2}).empty());
    EXPECT_TRUE(model.read({1}).empty());
}

TEST(Decoder, RefusesNothingAndMoreRowsThanABatch) {
    Loaded model(TinyModel(), {.batch = 4});
    model.read({});
    EXPECT_EQ(model.error, "no tokens to read");
    const auto rows = model->forward(kText, LogitRows::all);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().message, "logits of 12 positions at once, at most 4");
    EXPECT_EQ(model->length(), 0);
}

TEST(Decoder, AllocatesNothingOnceWarm) {
    for (const auto arithmetic : {kernels::Arithmetic::fast, kernels::Arithmetic::exact}) {
        // One thread: of several, one may get its first work, and its scratch, late.
        Loaded model(TinyModel(), {.arithmetic = arithmetic}, 1);
        model.read(kText);
        const Ids next = {3};
        ASSERT_TRUE(model->forward(next, LogitRows::last));
        const std::uint64_t before = tests::allocations();
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(model->forward(next, LogitRows::last));
        EXPECT_EQ(tests::allocations(), before);
    }
}

// The message that a model with one spoilt tensor gives.
std::string spoilt(const std::string& tensor, float value) {
    TinyModel tiny;
    tiny.tensor(tensor).values[5] = value;
    Loaded model(tiny);
    EXPECT_TRUE(model.read(kText).empty()) << tensor;
    return model.error;
}

TEST(Decoder, Hazard059_NaNInTheRouterIsReportedOrRoutedAround) {
    for (const std::size_t n_spoilt : {1, 32, 33, 128}) {
        TinyModel tiny;
        std::vector<float>& router = tiny.tensor("blk.1.ffn_gate_inp.weight").values;
        std::fill_n(router.begin(), n_spoilt, std::nanf(""));
        Loaded model(tiny);
        const bool read = !model.read(kText).empty();
        EXPECT_TRUE(read || model.error.find("layer 1") != std::string::npos) << model.error;
        EXPECT_EQ(model->length(), read ? 12 : 0);
    }
}

TEST(Decoder, Hazard062_NonFiniteWeightsAreReportedByLayer) {
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float value : {std::nanf(""), infinity, -infinity}) {
        for (const char* part : {"attn_q", "attn_v", "attn_output", "attn_norm", "ffn_norm"}) {
            const std::string error = spoilt(std::string("blk.1.") + part + ".weight", value);
            EXPECT_NE(error.find("non-finite logits at layer 1"), std::string::npos)
                << part << ": " << error;
        }
        EXPECT_NE(spoilt("output_norm.weight", value).find("at the output"), std::string::npos);
        EXPECT_NE(spoilt("output.weight", value).find("at the output"), std::string::npos);
    }
}

TEST(Decoder, Hazard062_NonFiniteExpertsAreReportedWhenTheyAreUsed) {
    TinyModel tiny;
    for (float& value : tiny.tensor("blk.0.ffn_down_exps.weight").values) value = std::nanf("");
    Loaded model(tiny);
    model.read(kText);
    EXPECT_NE(model.error.find("non-finite logits at layer 0"), std::string::npos) << model.error;
}

TEST(Decoder, Hazard062_ValuesThatLeaveTheRangeAreReported) {
    TinyModel tiny;
    for (float& value : tiny.tensor("blk.0.attn_v.weight").values) value *= 1e38F;
    Loaded model(tiny);
    model.read(kText);
    EXPECT_NE(model.error.find("non-finite logits at layer 0"), std::string::npos) << model.error;
    // Too large for the half precision of the cache is out of range as well.
    for (float& value : tiny.tensor("blk.0.attn_v.weight").values) value /= 1e32F;
    Loaded half(tiny, {.arithmetic = kernels::Arithmetic::exact, .kv_type = kernels::KvType::f16});
    half.read(kText);
    EXPECT_NE(half.error.find("non-finite logits at layer 0"), std::string::npos) << half.error;
}

TEST(Decoder, Hazard062_DenormalWeightsAreNumbers) {
    TinyModel tiny;
    for (float& value : tiny.tensor("blk.0.attn_v.weight").values) value = 1e-42F;
    Loaded model(tiny);
    EXPECT_EQ(model.read(kText).size(), 24u);
    EXPECT_EQ(model.error, "");
}

TEST(Decoder, Hazard061_EqualRouterLogitsGiveTheSameBitsEveryTime) {
    TinyModel tiny;
    for (float& value : tiny.tensor("blk.0.ffn_gate_inp.weight").values) value = 0.25F;
    Loaded one(tiny), two(tiny);
    EXPECT_EQ(one.read(kText), two.read(kText));
}

}  // namespace
}  // namespace greenroom::runtime
