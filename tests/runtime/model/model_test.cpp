#include "runtime/model/model.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <gtest/gtest.h>
#include <map>

#include "tests/support/device_case.hpp"
#include "tests/support/reference_model.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tiny_model.hpp"

namespace greenroom::runtime {
namespace {

using tests::ReferenceModel;

// Between float32 implementations, data/models/README.md: they differ by 2.6e-5 at most.
constexpr double kTolerance = 2e-4;

const ModelSettings kExact = {
    .arithmetic = kernels::Arithmetic::exact, .kv_type = kernels::KvType::f32, .context = 64};

std::unique_ptr<Model> load(const std::filesystem::path& path,
                            const ModelSettings& settings,
                            kernels::ThreadPool& pool) {
    auto files = io::open_model_files(path);
    if (!files) {
        ADD_FAILURE() << files.error().message;
        return nullptr;
    }
    auto model = Model::load(*std::move(files), settings, pool);
    if (!model) {
        ADD_FAILURE() << model.error().message;
        return nullptr;
    }
    return *std::move(model);
}

// Logits of all positions; none when the model reports an error.
std::vector<float> logits_of(Model& model, std::span<const std::int32_t> ids) {
    model.truncate(0);
    const auto logits = model.forward(ids, LogitRows::all);
    if (!logits) {
        ADD_FAILURE() << logits.error().message;
        return {};
    }
    return {logits->begin(), logits->end()};
}

// One file of the reference data and the logits that belong to it.
struct Form {
    const char* folder;
    const char* file;  // "." is the Hugging Face folder
    const char* logits = "expected_logits.f32";
    bool on_gpu = false;  // computed by an emulated one

    std::string path(std::string_view name) const {
        return std::string("models/") + folder + "/" + std::string(name);
    }
    std::optional<std::filesystem::path> find() const {
        if (std::string_view(file) != ".") return tests::reference_data(path(file));
        // A folder is whole where its tokenizer settings are.
        const auto config = tests::reference_data(path("config.json"));
        return config ? std::optional(config->parent_path()) : std::nullopt;
    }
};

void PrintTo(const Form& form, std::ostream* out) {
    *out << form.folder << '/' << form.file << (form.on_gpu ? " on a GPU" : "");
}

#define NEED_FORM(form, weights, reference)                                               \
    const auto weights##_found = (form).find();                                           \
    const auto reference##_found = tests::reference_data((form).path("expected.json"));   \
    if (!weights##_found || !reference##_found)                                           \
        GTEST_SKIP() << "reference data absent: " << (form).folder << '/' << (form).file; \
    const std::filesystem::path& weights = *weights##_found;                              \
    const ReferenceModel reference = tests::read_reference_model(*reference##_found, (form).logits)

class ReferenceForm : public testing::TestWithParam<Form> {
 protected:
    std::unique_ptr<Model> load_form(const std::filesystem::path& path, ModelSettings settings) {
        if (GetParam().on_gpu) settings.gpu.stream = &gpu_.stream();
        return load(path, settings, pool_);
    }

    kernels::ThreadPool pool_{2};
    tests::DeviceCase gpu_;
};
class QuantisedForm : public ReferenceForm {};

TEST_P(ReferenceForm, ExactLogitsAgree) {
    NEED_FORM(GetParam(), path, reference);
    const auto model = load_form(path, kExact);
    ASSERT_TRUE(model);
    ASSERT_EQ(model->vocabulary_size(), reference.vocabulary);
    const std::vector<float> logits = logits_of(*model, reference.prompt_ids);
    ASSERT_EQ(logits.size(), reference.logits.size());
    double largest = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        largest = std::max(largest, std::fabs(double{logits[i]} - double{reference.logits[i]}));
    }
    EXPECT_LE(largest, kTolerance);
}

TEST_P(ReferenceForm, GreedyTokensAgree) {
    NEED_FORM(GetParam(), path, reference);
    const auto model = load_form(path, kExact);
    ASSERT_TRUE(model);
    std::vector<std::int32_t> next = reference.prompt_ids, greedy;
    while (greedy.size() < reference.greedy_ids.size()) {
        const auto logits = model->forward(next, LogitRows::last);
        ASSERT_TRUE(logits) << logits.error().message;
        const auto best = std::ranges::max_element(*logits) - logits->begin();
        greedy.push_back(static_cast<std::int32_t>(best));
        next = {greedy.back()};
    }
    EXPECT_EQ(greedy, reference.greedy_ids);
}

TEST_P(ReferenceForm, RouterChoicesAgree) {
    NEED_FORM(GetParam(), path, reference);
    const auto model = load_form(path, kExact);
    ASSERT_TRUE(model);
    std::size_t n_rows = 0;
    model->observe_routing([&](const RoutingRow& row) {
        ++n_rows;
        const auto& expected = reference.routing.at(static_cast<std::size_t>(row.layer))
                                   .at(static_cast<std::size_t>(row.position));
        EXPECT_TRUE(std::ranges::equal(row.experts, expected.experts))
            << "layer " << row.layer << ", position " << row.position;
        for (std::size_t i = 0; i < row.weights.size(); ++i) {
            EXPECT_NEAR(row.weights[i], expected.weights.at(i), kTolerance);
        }
    });
    logits_of(*model, reference.prompt_ids);
    EXPECT_EQ(n_rows, reference.routing.size() * reference.prompt_ids.size());
}

// What rounding activations to 8 bits costs has no bound worth the name: a choice of experts that
// flips moves logits by whole units. llama.cpp rounds to as many bits in blocks as large, so our
// mean error is of the size of its own; factor 2 for the different luck of different roundings.
TEST_P(QuantisedForm, FastLogitsAreAsCloseAsThePeersOnAverage) {
    NEED_FORM(GetParam(), path, reference);
    ModelSettings settings = kExact;
    settings.arithmetic = kernels::Arithmetic::fast;
    const auto model = load_form(path, settings);
    ASSERT_TRUE(model);
    const std::vector<float> logits = logits_of(*model, reference.prompt_ids);
    ASSERT_EQ(logits.size(), reference.logits.size());
    double sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        sum += std::fabs(double{logits[i]} - double{reference.logits[i]});
    }
    EXPECT_LE(sum / static_cast<double>(logits.size()), 2 * reference.peer_mean_difference);
}

constexpr Form kFloatForms[] = {
    {"mixtral", "mixtral-f32.gguf"},
    {"mixtral", "."},
    {"mixtral", "mixtral-BF16.gguf", "expected-BF16.f32"},
    {"mixtral", "mixtral-F16.gguf", "expected-F16.f32"},
    {"mixtral", "mixtral-old-layout-F16.gguf", "expected-F16.f32"},
    {"mixtral", "mixtral-split3-BF16-00002-of-00003.gguf", "expected-BF16.f32"},
    {"mixtral", "mixtral-split-metafirst-BF16-00001-of-00003.gguf", "expected-BF16.f32"},
    {"mixtral-k", "."},
    {"mistral-dense", "mistral-dense-f32.gguf"},
    {"mistral-dense", "."},
    {"llama-dense", "llama-dense-f32.gguf"},
    {"llama-dense", "."},
};
constexpr Form kQuantisedForms[] = {
    {"mixtral-k", "mixtral-k-Q2_K.gguf", "expected-Q2_K.f32"},
    {"mixtral-k", "mixtral-k-Q3_K_M.gguf", "expected-Q3_K_M.f32"},
    {"mixtral-k", "mixtral-k-Q4_0.gguf", "expected-Q4_0.f32"},
    {"mixtral-k", "mixtral-k-Q4_1.gguf", "expected-Q4_1.f32"},
    {"mixtral-k", "mixtral-k-Q4_K_M.gguf", "expected-Q4_K_M.f32"},
    {"mixtral-k", "mixtral-k-Q5_1.gguf", "expected-Q5_1.f32"},
    {"mixtral-k", "mixtral-k-Q5_K_M.gguf", "expected-Q5_K_M.f32"},
    {"mixtral-k", "mixtral-k-Q6_K.gguf", "expected-Q6_K.f32"},
    {"mixtral-k", "mixtral-k-Q8_0.gguf", "expected-Q8_0.f32"},
    {"mixtral-k", "mixtral-k-IQ4_NL.gguf", "expected-IQ4_NL.f32"},
    {"mixtral-k", "mixtral-k-IQ4_XS.gguf", "expected-IQ4_XS.f32"},
    {"mixtral-k", "mixtral-k-MXFP4_MOE.gguf", "expected-MXFP4_MOE.f32"},
};

std::string form_name(const testing::TestParamInfo<Form>& info) {
    const std::string file = std::string_view(info.param.file) == "." ? "folder" : info.param.file;
    std::string name = std::string(info.param.folder) + '_' + file;
    if (info.param.on_gpu) name += "_on_gpu";
    const auto is_other = [](unsigned char c) { return std::isalnum(c) == 0; };
    std::ranges::replace_if(name, is_other, '_');
    return name;
}

// The same on a GPU, which multiplies in float where weights are floats.
template <std::size_t n>
std::vector<Form> on_gpu(const Form (&forms)[n]) {
    std::vector<Form> out(std::begin(forms), std::end(forms));
    for (Form& form : out) form.on_gpu = true;
    return out;
}

INSTANTIATE_TEST_SUITE_P(Floats, ReferenceForm, testing::ValuesIn(kFloatForms), form_name);
INSTANTIATE_TEST_SUITE_P(GpuFloats,
                         ReferenceForm,
                         testing::ValuesIn(on_gpu(kFloatForms)),
                         form_name);
INSTANTIATE_TEST_SUITE_P(GpuQuantised,
                         QuantisedForm,
                         testing::ValuesIn(on_gpu(kQuantisedForms)),
                         form_name);
INSTANTIATE_TEST_SUITE_P(Quantised, ReferenceForm, testing::ValuesIn(kQuantisedForms), form_name);
INSTANTIATE_TEST_SUITE_P(Quantised, QuantisedForm, testing::ValuesIn(kQuantisedForms), form_name);

// The same weights laid out in another way give the same bits.
TEST(Model, LayoutsOfTheSameWeightsGiveTheSameBits) {
    const Form same[][2] = {
        {{"mixtral", "mixtral-F16.gguf", "expected-F16.f32"},
         {"mixtral", "mixtral-old-layout-F16.gguf", "expected-F16.f32"}},
        {{"mixtral", "mixtral-BF16.gguf", "expected-BF16.f32"},
         {"mixtral", "mixtral-split3-BF16-00003-of-00003.gguf", "expected-BF16.f32"}},
        {{"mixtral", "mixtral-BF16.gguf", "expected-BF16.f32"},
         {"mixtral", "mixtral-split-metafirst-BF16-00002-of-00003.gguf", "expected-BF16.f32"}},
        {{"mixtral", "mixtral-BF16.gguf", "expected-BF16.f32"}, {"mixtral", "mixtral-f32.gguf"}},
    };
    kernels::ThreadPool pool(2);
    for (const auto& [plain, other] : same) {
        NEED_FORM(plain, plain_path, reference);
        NEED_FORM(other, other_path, unused);
        const auto first = load(plain_path, kExact, pool);
        const auto second = load(other_path, kExact, pool);
        ASSERT_TRUE(first && second);
        EXPECT_EQ(logits_of(*first, reference.prompt_ids), logits_of(*second, reference.prompt_ids))
            << other.file;
    }
}

constexpr Form kSmall = {"mixtral-k", "mixtral-k-Q2_K.gguf", "expected-Q2_K.f32"};

TEST(Model, MappedAndReadWeightsGiveTheSameBits) {
    for (const Form& form :
         {kSmall, Form{"mixtral", "mixtral-old-layout-F16.gguf"}, Form{"mixtral", "."}}) {
        NEED_FORM(form, path, reference);
        kernels::ThreadPool pool(2);
        ModelSettings settings = {.context = 64};
        const auto read = load(path, settings, pool);
        settings.load = LoadMethod::mmap;
        const auto mapped = load(path, settings, pool);
        ASSERT_TRUE(read && mapped);
        EXPECT_EQ(logits_of(*read, reference.prompt_ids), logits_of(*mapped, reference.prompt_ids));
    }
}

class Arithmetics : public testing::TestWithParam<kernels::Arithmetic> {
 protected:
    ModelSettings settings() const { return {.arithmetic = GetParam(), .context = 64}; }
};
INSTANTIATE_TEST_SUITE_P(Both,
                         Arithmetics,
                         testing::Values(kernels::Arithmetic::fast, kernels::Arithmetic::exact),
                         [](const auto& info) {
                             return info.param == kernels::Arithmetic::fast ? "Fast" : "Exact";
                         });

TEST_P(Arithmetics, EveryThreadCountGivesTheSameBits) {
    NEED_FORM(kSmall, path, reference);
    std::vector<float> of_one;
    for (const int threads : {1, 2, 3}) {
        kernels::ThreadPool pool(threads);
        const auto model = load(path, settings(), pool);
        ASSERT_TRUE(model);
        const std::vector<float> logits = logits_of(*model, reference.prompt_ids);
        if (threads == 1) of_one = logits;
        EXPECT_EQ(logits, of_one) << threads << " threads";
    }
}

TEST_P(Arithmetics, PromptsGiveTheSameBitsInBatchesOfEverySize) {
    NEED_FORM(kSmall, path, reference);
    kernels::ThreadPool pool(2);
    std::vector<float> at_once;
    for (const int batch : {64, 5, 1}) {
        ModelSettings settings = this->settings();
        settings.batch = batch;
        const auto model = load(path, settings, pool);
        ASSERT_TRUE(model);
        const auto last = model->forward(reference.prompt_ids, LogitRows::last);
        ASSERT_TRUE(last) << last.error().message;
        const std::vector<float> logits(last->begin(), last->end());
        if (batch == 64) at_once = logits;
        EXPECT_EQ(logits, at_once) << "batches of " << batch;
    }
}

// data/models/README.md: with weights and all activations in half precision logits move by 0.013 at
// most, with 8-bit activations by 0.14 on average; keys and values are a part of the activations.
TEST(Model, RoundedKeysAndValuesStayCloseToFloat) {
    NEED_FORM(kSmall, path, reference);
    kernels::ThreadPool pool(2);
    std::map<kernels::KvType, std::vector<float>> logits;
    for (const auto type : {kernels::KvType::f32, kernels::KvType::f16, kernels::KvType::q8_0}) {
        ModelSettings settings = kExact;
        settings.kv_type = type;
        const auto model = load(path, settings, pool);
        ASSERT_TRUE(model);
        logits[type] = logits_of(*model, reference.prompt_ids);
    }
    double largest = 0, sum = 0;
    const std::vector<float>& exact = logits[kernels::KvType::f32];
    for (std::size_t i = 0; i < exact.size(); ++i) {
        largest = std::max(largest,
                           std::fabs(double{logits[kernels::KvType::f16][i]} - double{exact[i]}));
        sum += std::fabs(double{logits[kernels::KvType::q8_0][i]} - double{exact[i]});
    }
    EXPECT_LE(largest, 0.013);
    EXPECT_LE(sum / static_cast<double>(exact.size()), 0.14);
    EXPECT_GT(sum, 0);
}

TEST(Model, SaysItsNumbers) {
    const tests::TemporaryFolder folder;
    kernels::ThreadPool pool(1);
    const auto model =
        Model::load(tests::TinyModel().open(folder), {.kv_type = kernels::KvType::f32}, pool);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ((*model)->vocabulary_size(), 24);
    EXPECT_EQ((*model)->context(), 64);
    EXPECT_EQ((*model)->trained_context(), 64);
    EXPECT_EQ((*model)->batch(), 64);  // no more than the context
    EXPECT_EQ((*model)->length(), 0);
    EXPECT_EQ((*model)->kv_bytes(), 2u * 2 * 64 * 16 * 4);  // K and V, layers, positions, floats
}

TEST(Model, TakesAnotherContextThanTheTrainedOne) {
    const tests::TemporaryFolder folder;
    kernels::ThreadPool pool(1);
    const auto model =
        Model::load(tests::TinyModel().open(folder), {.context = 100, .batch = 7}, pool);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ((*model)->context(), 100);
    EXPECT_EQ((*model)->trained_context(), 64);
    EXPECT_EQ((*model)->batch(), 7);
}

std::string refusal(const tests::TinyModel& tiny, const ModelSettings& settings) {
    const tests::TemporaryFolder folder;
    kernels::ThreadPool pool(1);
    const auto model = Model::load(tiny.open(folder), settings, pool);
    return model ? "loaded" : model.error().message;
}

TEST(Model, RefusesImpossibleSettings) {
    EXPECT_NE(refusal({}, {.context = -1}).find("-1 positions"), std::string::npos);
    EXPECT_NE(refusal({}, {.batch = 0}).find("0 tokens"), std::string::npos);
}

TEST(Model, Hazard065_KeysInBlocksThatDoNotFitTheHead) {
    const std::string message = refusal({}, {.kv_type = kernels::KvType::q8_0});
    EXPECT_NE(message.find("multiple of 32"), std::string::npos) << message;
    EXPECT_NE(message.find("is 8"), std::string::npos) << message;
}

TEST(Model, Hazard119_ContextThatNoMemoryHolds) {
    tests::TinyModel::Shape shape;
    shape.layers = 64;
    const std::string message =
        refusal(tests::TinyModel(shape), {.kv_type = kernels::KvType::f32, .context = 1 << 28});
    EXPECT_NE(message.find("positions 2048.00 GiB"), std::string::npos)
        << message;  // 2^28 * 64 * 128 bytes
    EXPECT_NE(message.find("would fit"), std::string::npos) << message;
}

TEST(Model, ReportsProgressAndStops) {
    const tests::TemporaryFolder folder;
    kernels::ThreadPool pool(1);
    std::uint64_t done = 0, total = 1;
    LoadHooks hooks;
    hooks.progress = [&](std::uint64_t now, std::uint64_t all) { done = now, total = all; };
    const auto model = Model::load(tests::TinyModel().open(folder), {}, pool, hooks);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(done, total);

    std::stop_source stop;
    stop.request_stop();
    hooks.stop = stop.get_token();
    const auto stopped = Model::load(tests::TinyModel().open(folder), {}, pool, hooks);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().message, "stopped");
}

TEST(Model, Hazard052_FrequencyFactorsThatAreNoFactors) {
    for (const float bad : {0.0F, -1.0F, std::nanf("")}) {
        tests::TinyModel tiny;
        tiny.tensors().push_back({"rope_freqs.weight", {4}, {1, 1, bad, 1}});
        const std::string message = refusal(tiny, {});
        EXPECT_NE(message.find("frequency factor 2"), std::string::npos) << message;
    }
}

}  // namespace
}  // namespace greenroom::runtime
