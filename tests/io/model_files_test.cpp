#include "io/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <vector>

#include "tests/io/hostile.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& root, const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.path().extension() == extension) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

void expect_sound(const ModelFiles& model) {
    for (const TensorInfo& tensor : model.tensors) {
        ASSERT_LT(tensor.range.file, model.files.size());
        EXPECT_LE(tensor.range.offset + tensor.range.bytes, model.files[tensor.range.file].size());
        EXPECT_EQ(model.find(tensor.name), &tensor);
    }
    EXPECT_EQ(model.warnings, std::vector<std::string>());
}

TEST(ModelFiles, OpensEveryReferenceGguf) {
    GREENROOM_NEED_SHARED(root, "models");
    for (const fs::path& path : files_below(root, ".gguf")) {
        SCOPED_TRACE(path);
        const auto model = open_model_files(path);
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_FALSE(model->tensors.empty());
        expect_sound(*model);
    }
}

TEST(ModelFiles, OpensEveryReferenceFolder) {
    GREENROOM_NEED_SHARED(root, "models");
    int opened = 0;
    for (const auto& entry : fs::directory_iterator(root)) {
        if (!entry.is_directory()) continue;
        SCOPED_TRACE(entry.path());
        const auto model = open_model_files(entry.path());
        if (entry.path().filename() == "gpt-oss") {
            ASSERT_FALSE(model);
            EXPECT_MENTIONS(model.error().message,
                            "dtype is U8 (not supported); expected one of F32");
            continue;
        }
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_EQ(model->kind, ModelFiles::Kind::safetensors);
        EXPECT_EQ(model->root, entry.path());
        expect_sound(*model);
        ++opened;
    }
    EXPECT_GE(opened, 14);
}

TEST(ModelFiles, OpensVocabulariesWithoutTensors) {
    GREENROOM_NEED_SHARED(root, "tokenizers");
    for (const fs::path& path : files_below(root, ".gguf")) {
        SCOPED_TRACE(path);
        const auto model = open_model_files(path);
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_TRUE(model->tensors.empty());
        EXPECT_GT((*model->metadata.texts("tokenizer.ggml.tokens"))->size(), 30'000u);
        expect_sound(*model);
    }
}

}  // namespace
}  // namespace greenroom::io
