// The same vocabulary in its three file formats.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/runtime/text/reference_cases.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Tokenizer> load(const fs::path& path) {
    auto loaded = load_tokenizer(path);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? std::move(*loaded) : nullptr;
}

class ReferenceModel : public testing::TestWithParam<const char*> {
 protected:
    // Compares with the samples that come with the model.
    void check(const fs::path& file) {
        SCOPED_TRACE(file);
        const auto tokenizer = load(file);
        ASSERT_TRUE(tokenizer);
        for (const io::Json& line : samples_) {
            const auto text = line.at("text").get<std::string>();
            EXPECT_EQ(tokenizer->encode(text, {.repeat_bos = true, .parse_special = true}),
                      tests::ids_of(line))
                << line.dump();
        }
        ++n_checked_;
    }

    io::Json samples_;
    int n_checked_ = 0;
};

TEST_P(ReferenceModel, EncodesTheSamplesFromEveryFile) {
    const std::string folder = std::string("models/") + GetParam() + "/";
    GREENROOM_NEED_SHARED(expected, folder + "expected.json");
    samples_ = io::Json::parse(tests::slurp(expected)).at("tokenizer_samples");
    EXPECT_GE(samples_.size(), 10u);
    for (const fs::directory_entry& entry : fs::directory_iterator(expected.parent_path())) {
        const fs::path& file = entry.path();
        const bool tokenizer_file =
            file.filename() == "tokenizer.json" || file.filename() == "tokenizer.model";
        const bool shard_after_first = file.string().find("-of-") != std::string::npos &&
                                       file.string().find("-00001-of-") == std::string::npos;
        if (tokenizer_file || (file.extension() == ".gguf" && !shard_after_first)) check(file);
    }
    check(expected.parent_path());
    EXPECT_GE(n_checked_, 3);
}

INSTANTIATE_TEST_SUITE_P(,
                         ReferenceModel,
                         testing::Values("deepseek-moe",
                                         "deepseek-v2",
                                         "deepseek-v2-lite",
                                         "deepseek-v3",
                                         "glm4-moe",
                                         "gpt-oss",
                                         "granite-moe",
                                         "llama-dense",
                                         "mistral-dense",
                                         "mixtral",
                                         "mixtral-k",
                                         "olmoe",
                                         "phimoe",
                                         "qwen2-moe",
                                         "qwen3-moe"),
                         [](const auto& info) {
                             std::string name = info.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace greenroom::runtime
