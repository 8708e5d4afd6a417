// The same vocabulary in its three file formats.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/runtime/text/load/small_files.hpp"
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

TEST(LoadTokenizer, Hazard035_NamesAFileThatCannotBeReached) {
    const tests::TemporaryFolder folder;
    fs::create_symlink("tokenizer.json", folder.path() / "tokenizer.json");
    const auto loaded = load_tokenizer(folder.path());
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("tokenizer.json: Too many levels"), std::string::npos)
        << loaded.error().message;
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

TEST(LoadTokenizer, ReadsTheFilesThatTravelWithTheProject) {
    const fs::path folder = tests::source_path("tests/data/models/mixtral");
    const auto samples =
        io::Json::parse(tests::slurp(folder / "expected.json")).at("tokenizer_samples");
    for (const char* file :
         {"tokenizer.json", "tokenizer.model", "mixtral-old-layout-F16.gguf", "."}) {
        SCOPED_TRACE(file);
        const auto tokenizer = load(folder / file);
        ASSERT_TRUE(tokenizer);
        for (const io::Json& line : samples) {
            const auto text = line.at("text").get<std::string>();
            const auto ids = tokenizer->encode(text, {.repeat_bos = true, .parse_special = true});
            EXPECT_EQ(ids, tests::ids_of(line)) << line.dump();
            const bool has_special = text.find("<s>") != std::string::npos;
            const std::span<const TokenId> after_bos = std::span(ids).subspan(1);
            if (has_special) continue;
            EXPECT_EQ(tokenizer->decode(after_bos, false), text);
        }
        EXPECT_EQ(tokenizer->vocabulary_size(), 384u);
        EXPECT_EQ(tokenizer->bos(), 1);
        EXPECT_TRUE(tokenizer->ends_generation(2));
    }
}

// Its tokenizer.json puts a space before the first stretch of a text alone, and the ids are those
// of the tokenizers library (0.23.3). Its tokenizer.model cannot say so.
TEST(LoadTokenizer, ReadsAFolderAsItsTokenizerJsonSays) {
    GREENROOM_NEED_SHARED(folder, "demo/hf");
    const EncodeOptions options = {.add_special = true, .parse_special = true};
    const auto ids = [&](const fs::path& path) {
        const auto tokenizer = load(path);
        return tokenizer ? tokenizer->encode("A hill.</s>[INST] Who?", options)
                         : std::vector<TokenId>{};
    };
    EXPECT_EQ(ids(folder),
              (std::vector<TokenId>{1, 305, 782, 1981, 2, 1993, 267, 1994, 1003, 2003}));
    EXPECT_EQ(ids(folder / "tokenizer.model"),
              (std::vector<TokenId>{1, 305, 782, 1981, 2, 266, 267, 1994, 1003, 2003}));
}

TEST(LoadTokenizer, TakesAnOpenModelOfEitherKind) {
    const fs::path folder = tests::source_path("tests/data/models/mixtral");
    for (const fs::path& path : {folder, folder / "mixtral-split3-BF16-00002-of-00003.gguf"}) {
        const auto files = io::open_model_files(path);
        ASSERT_TRUE(files) << files.error().message;
        const auto tokenizer = load_tokenizer(*files);
        ASSERT_TRUE(tokenizer) << tokenizer.error().message;
        EXPECT_EQ((*tokenizer)->vocabulary_size(), 384u);
    }
}

TEST(LoadTokenizer, NamesWhatAFolderLacks) {
    const tests::TemporaryFolder folder;
    const auto tokenizer = load_tokenizer(folder.path());
    ASSERT_FALSE(tokenizer);
    EXPECT_EQ(tokenizer.error().message,
              folder.path().string() + ": has no tokenizer.json and no tokenizer.model");
}

TEST(LoadTokenizer, Hazard087_FilesOfFiftyMegabytes) {
    constexpr std::size_t kBytes = 50 << 20;
    const tests::TemporaryFolder folder;
    const auto error_of = [&](const std::string& bytes) {
        const auto tokenizer = load_tokenizer(folder.write("tokenizer.json", bytes));
        return tokenizer ? "loaded" : tokenizer.error().message;
    };
    EXPECT_NE(error_of(std::string(kBytes, '[')).find("nested deeper"), std::string::npos);
    const std::string small = tests::small_json().dump();
    EXPECT_EQ(error_of(small + std::string(kBytes, ' ')), "loaded");
    EXPECT_NE(error_of(small + std::string(64 << 20, ' ')).find("expected at most 67108864"),
              std::string::npos);
}

TEST(LoadTokenizer, Hazard087_FilesThatAreNoTokenizer) {
    const tests::TemporaryFolder folder;
    for (const char* name : {"tokenizer.json", "tokenizer.model", "x.gguf"}) {
        for (const char* bytes : {"", "{}", "GGUF", "<!DOCTYPE html>", "\xFF\xFE{\0}\0"}) {
            const auto tokenizer = load_tokenizer(folder.write(name, bytes));
            ASSERT_FALSE(tokenizer) << name << " " << bytes;
            EXPECT_NE(tokenizer.error().message.find(name), std::string::npos);
        }
        EXPECT_FALSE(load_tokenizer(folder.path() / "absent" / name));
    }
}

}  // namespace
}  // namespace greenroom::runtime
