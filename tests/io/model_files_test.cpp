#include "io/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <vector>

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
