#include "runtime/lab/perplexity.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

// Gives probability (id + 1) / 10 to each of its four ids, whatever it has read, and remembers
// that.
class FixedModel final : public Model {
 public:
    explicit FixedModel(int batch) : batch_(batch) {}

    int vocabulary_size() const override { return 4; }
    int context() const override { return 16; }
    int trained_context() const override { return 16; }
    int batch() const override { return batch_; }
    int length() const override { return length_; }
    void truncate(int length) override { length_ = length; }
    void shift(int, int) override {}
    io::Result<std::span<const float>> forward(std::span<const std::int32_t> tokens,
                                               LogitRows) override {
        if (length_ == 0) windows.emplace_back();
        windows.back().insert(windows.back().end(), tokens.begin(), tokens.end());
        length_ += static_cast<int>(tokens.size());
        logits_.clear();
        for (std::size_t t = 0; t < tokens.size(); ++t) {
            for (int id = 0; id < 4; ++id) logits_.push_back(std::log(float(id + 1)));
        }
        return std::span<const float>(logits_);
    }
    void stop_when(std::stop_token) override {}
    void observe_routing(RoutingObserver) override {}
    std::uint64_t weight_bytes() const override { return 0; }
    std::uint64_t kv_bytes() const override { return 0; }
    std::uint64_t bytes_per_token() const override { return 0; }

    std::vector<std::vector<std::int32_t>> windows;  // ids read, window by window

 private:
    int batch_, length_ = 0;
    std::vector<float> logits_;
};

using Ids = std::vector<std::int32_t>;

// -log p of these ids under FixedModel, summed.
double sum_nll(const Ids& ids) {
    double sum = 0;
    for (const std::int32_t id : ids) sum -= std::log((id + 1) / 10.0);
    return sum;
}

const Ids kText = {0, 1, 2, 3, 3, 2, 1, 0, 1};

TEST(Perplexity, PeerScoresTheSecondHalfOfEachWindow) {
    FixedModel model(16);
    const auto found = measure_perplexity(model, kText, {.context = 4});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(model.windows, (std::vector<Ids>{{0, 1, 2}, {3, 2, 1}}));
    EXPECT_EQ(found->tokens, 2u);
    EXPECT_NEAR(found->nll, sum_nll({3, 0}) / 2, 1e-6);
    EXPECT_NEAR(found->perplexity, std::exp(found->nll), 1e-9);
}

TEST(Perplexity, SlidingWindowsScoreEveryIdOnce) {
    FixedModel model(16);
    const auto found =
        measure_perplexity(model, kText, {.windows = Windows::sliding, .context = 4, .stride = 2});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(model.windows, (std::vector<Ids>{{0, 1, 2}, {2, 3, 3}, {3, 2, 1}}));
    EXPECT_EQ(found->tokens, 7u);
    EXPECT_NEAR(found->nll, sum_nll({1, 2, 3, 3, 2, 1, 0}) / 7, 1e-6);
}

TEST(Perplexity, WindowsWithoutOverlapScoreAllButTheirFirstId) {
    FixedModel model(16);
    const auto found =
        measure_perplexity(model, kText, {.windows = Windows::sliding, .context = 4});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->tokens, 6u);
    EXPECT_NEAR(found->nll, sum_nll({1, 2, 3, 2, 1, 0}) / 6, 1e-6);
}

TEST(Perplexity, WindowsBeginWithTheIdAskedFor) {
    FixedModel model(16);
    ASSERT_TRUE(measure_perplexity(model, kText, {.context = 4, .first_id = 1}));
    EXPECT_EQ(model.windows, (std::vector<Ids>{{1, 1, 2}, {1, 2, 1}}));
}

TEST(Perplexity, WindowsLargerThanABatchAreReadInBatches) {
    FixedModel at_once(16), by_two(2);
    const PerplexitySettings settings{.windows = Windows::sliding, .context = 8};
    const auto first = measure_perplexity(at_once, kText, settings);
    const auto second = measure_perplexity(by_two, kText, settings);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->nll, second->nll);
    EXPECT_EQ(first->tokens, second->tokens);
    EXPECT_EQ(at_once.windows, by_two.windows);
}

// The standard error of a mean of n: the samples' deviation over the root of n - 1; times the
// perplexity for the perplexity's.
TEST(Perplexity, StatesItsStandardError) {
    FixedModel model(16);
    const auto found = measure_perplexity(model, kText, {.context = 4});
    ASSERT_TRUE(found);
    const double half_range = std::fabs(sum_nll({3}) - sum_nll({0})) / 2;
    EXPECT_NEAR(found->standard_error, found->perplexity * half_range, 1e-6);
}

TEST(Perplexity, ReportsProgressInWindows) {
    FixedModel model(16);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
    const PerplexitySettings settings{.context = 4,
                                      .progress = [&](std::uint64_t done, std::uint64_t total) {
                                          seen.emplace_back(done, total);
                                      }};
    ASSERT_TRUE(measure_perplexity(model, kText, settings));
    EXPECT_EQ(seen, (decltype(seen){{1, 2}, {2, 2}}));
}

TEST(Perplexity, RefusesWhatCannotBeMeasured) {
    FixedModel model(16);
    const auto refusal = [&](const Ids& ids, PerplexitySettings settings) {
        const auto found = measure_perplexity(model, ids, settings);
        return found ? "measured" : found.error().message;
    };
    EXPECT_EQ(refusal(kText, {.context = 10}), "the text has 9 ids, too few for one window of 10");
    EXPECT_EQ(refusal(kText, {.context = 17}),
              "windows of 17 ids, expected 2 to the model's context of 16");
    EXPECT_EQ(refusal(kText, {.context = 1}),
              "windows of 1 ids, expected 2 to the model's context of 16");
    EXPECT_EQ(refusal(kText, {.windows = Windows::sliding, .context = 4, .stride = 5}),
              "a stride of 5 ids, expected 1 to the window's 4");
    EXPECT_EQ(refusal({0, 1, 4, 2}, {.context = 4}), "token id 4: the vocabulary has ids 0 to 3");
}

// The demo model and its validation texts (data/demo/README.md).

Ids read_ids(const std::filesystem::path& path) {
    const std::string bytes = tests::slurp(path);
    Ids out(bytes.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t id = 0;
        std::memcpy(&id, bytes.data() + 2 * i, sizeof id);
        out[i] = id;
    }
    return out;
}

struct Demo {
    const char* model;  // below data/demo
    const char* text;   // below data/demo/eval, without .ids.u16
    Windows windows = Windows::peer;
    ModelSettings settings = {};
};

void PrintTo(const Demo& demo, std::ostream* out) {
    *out << demo.model << " on " << demo.text;
}

std::string demo_name(const testing::TestParamInfo<Demo>& info) {
    std::string name = fmt::format("{}_{}_{}",
                                   info.param.model,
                                   info.param.text,
                                   info.param.windows == Windows::peer ? "peer" : "sliding");
    const auto is_other = [](unsigned char c) { return std::isalnum(c) == 0; };
    std::ranges::replace_if(name, is_other, '_');
    return name;
}

const ModelSettings kExact = {.arithmetic = kernels::Arithmetic::exact,
                              .kv_type = kernels::KvType::f32};

io::Result<Perplexity> measure(const std::filesystem::path& path,
                               const Ids& ids,
                               const Demo& demo) {
    auto files = io::open_model_files(path);
    if (!files) return files.error();
    kernels::ThreadPool pool(kernels::usable_cores());
    auto model = Model::load(*std::move(files), demo.settings, pool);
    if (!model) return model.error();
    return measure_perplexity(**model, ids, {.windows = demo.windows, .first_id = 1});  // BOS
}

// Two windows are a sample of the text that the reference measured: they lie within 5 of their own
// standard errors of it. A window cut or scored one id off is worse by far more.
TEST(Perplexity, OfTheFirstWindowsIsNearThatOfTheText) {
    GREENROOM_NEED_REFERENCE(expected, "demo/eval/expected.json");
    GREENROOM_NEED_REFERENCE(text, "demo/eval/validation-plain.ids.u16");
    Ids ids = read_ids(text);
    ids.resize(1024);
    const auto found =
        measure(tests::source_path("configs/demo/greenroom-demo-Q4_K_M.gguf"), ids, Demo{});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->tokens, 510u);
    const double reference = nlohmann::json::parse(tests::slurp(expected))
                                 .at("perplexity")
                                 .at("torch_float32")
                                 .at("validation-plain.txt")
                                 .at("second_half_of_each_window")
                                 .at("ppl");
    EXPECT_NEAR(found->perplexity, reference, 5 * found->standard_error);
}

// Slow: whole texts.

std::optional<Perplexity> measure_or_skip(const Demo& demo) {
    const auto model = tests::shared_data(std::string("demo/") + demo.model);
    const auto text = tests::shared_data(std::string("demo/eval/") + demo.text + ".ids.u16");
    if (!model || !text) return std::nullopt;
    const auto found = measure(*model, read_ids(*text), demo);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : Perplexity{};
}

nlohmann::json reference_perplexities() {
    const auto path = tests::shared_data("demo/eval/expected.json");
    return nlohmann::json::parse(tests::slurp(path.value_or(""))).at("perplexity");
}

class SlowFloatPerplexity : public testing::TestWithParam<Demo> {};

// The reference states the mean in 6 digits after the point, and the two float32 computations
// differ by what the tiny models' logits do, 3e-5 at most in one prediction.
TEST_P(SlowFloatPerplexity, IsTheReference) {
    const auto found = measure_or_skip(GetParam());
    if (!found) GTEST_SKIP() << "reference data absent: demo";
    const bool peer = GetParam().windows == Windows::peer;
    const nlohmann::json reference = reference_perplexities()
                                         .at("torch_float32")
                                         .at(std::string(GetParam().text) + ".txt")
                                         .at(peer ? "second_half_of_each_window" : "whole_window");
    EXPECT_EQ(found->tokens, reference.at("tokens_scored"));
    EXPECT_NEAR(found->nll, double{reference.at("mean_nll")}, 3e-5);
}

INSTANTIATE_TEST_SUITE_P(Demo,
                         SlowFloatPerplexity,
                         testing::Values(Demo{"hf", "validation-plain", Windows::peer, kExact},
                                         Demo{"hf", "validation-plain", Windows::sliding, kExact},
                                         Demo{"hf", "validation", Windows::peer, kExact},
                                         Demo{"hf", "validation", Windows::sliding, kExact}),
                         demo_name);

class SlowQuantisedPerplexity : public testing::TestWithParam<Demo> {};

// llama.cpp rounds activations to 8 bits, in other blocks than we do, so the two differ; but both
// read the same text, so they must lie far closer than the error of sampling that it states.
TEST_P(SlowQuantisedPerplexity, IsThePeers) {
    const auto found = measure_or_skip(GetParam());
    if (!found) GTEST_SKIP() << "reference data absent: demo";
    const std::string model = GetParam().model;
    const nlohmann::json reference =
        reference_perplexities()
            .at("llama_cpp")
            .at("results")
            .at(std::string(GetParam().text) + ".txt")
            .at(model.substr(15, model.size() - 20));  // greenroom-demo-TYPE.gguf
    const double stated = reference.at("plus_minus");
    EXPECT_NEAR(found->perplexity, double{reference.at("ppl")}, stated / 10);
    EXPECT_NEAR(found->standard_error, stated, stated / 10);
}

INSTANTIATE_TEST_SUITE_P(Demo,
                         SlowQuantisedPerplexity,
                         testing::Values(Demo{"greenroom-demo-Q8_0.gguf", "validation-plain"},
                                         Demo{"greenroom-demo-Q8_0.gguf", "validation"},
                                         Demo{"greenroom-demo-Q4_K_M.gguf", "validation-plain"},
                                         Demo{"greenroom-demo-Q4_K_M.gguf", "validation"}),
                         demo_name);

}  // namespace
}  // namespace greenroom::runtime
