#include "io/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <vector>

#include "tests/io/hostile.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/safetensors_bytes.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/unprivileged.hpp"

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

TEST(ModelFiles, OpensTheFilesThatTravelWithTheProject) {
    const fs::path root = tests::source_path("tests/data/models/mixtral");
    const struct {
        const char* name;
        std::size_t n_files;
        std::size_t n_tensors;
    } cases[] = {{"", 2, 96},
                 {"config.json", 2, 96},
                 {"model.safetensors.index.json", 2, 96},
                 {"model-00002-of-00002.safetensors", 2, 96},
                 {"mixtral-split3-BF16-00003-of-00003.gguf", 3, 33},
                 {"mixtral-old-layout-F16.gguf", 1, 96}};
    for (const auto& [name, n_files, n_tensors] : cases) {
        SCOPED_TRACE(name);
        const auto model = open_model_files(root / name);
        ASSERT_TRUE(model) << model.error().message;
        EXPECT_EQ(model->files.size(), n_files);
        EXPECT_EQ(model->tensors.size(), n_tensors);
        expect_sound(*model);
    }
}

TEST(ModelFiles, Hazard042_ContentsCountNotTheExtension) {
    const tests::TemporaryFolder folder;
    const std::string gguf = tests::gguf::sample().bytes();
    const std::string safetensors = tests::safetensors::sample().bytes();
    const auto warning = [&](const char* name, const std::string& bytes) {
        const auto model = open_model_files(folder.write(name, bytes));
        if (!model) return model.error().message;
        return model->warnings.empty() ? std::string("none") : model->warnings[0];
    };
    EXPECT_MENTIONS(warning("a.gguf", safetensors), "is a safetensors file in spite of its name");
    EXPECT_MENTIONS(warning("a.safetensors", gguf), "is a GGUF file in spite of its name");
    EXPECT_EQ(warning("a.bin", gguf), "none");
    EXPECT_EQ(warning("b", safetensors), "none");
}

TEST(ModelFiles, Hazard042_FilesThatAreNoModel) {
    const tests::TemporaryFolder folder;
    const auto rejection = [&](const char* name, std::string_view bytes) {
        const fs::path path = folder.write(name, bytes);
        return tests::rejection_by([&] { return open_model_files(path); });
    };
    EXPECT_MENTIONS(rejection("a.gguf", "<html>"), "is an HTML page");
    EXPECT_MENTIONS(rejection("a.safetensors", "<html>long"), "expected a safetensors file");
    EXPECT_MENTIONS(rejection("a.bin", "PK\x03\x04"),
                    "expected a GGUF or safetensors file, or a folder");
    EXPECT_MENTIONS(rejection("a.txt", ""), "is empty; expected a GGUF or safetensors file");
    EXPECT_MENTIONS(rejection("config.json", "{}"), "is a folder with a GGUF file; name the file");
}

TEST(ModelFiles, Hazard043_DownloadsThatStopped) {
    const tests::TemporaryFolder folder;
    const std::string gguf = tests::gguf::sample().bytes();
    const auto rejection = [&](const char* name, std::string_view bytes) {
        const fs::path path = folder.write(name, bytes);
        return tests::rejection_by([&] { return open_model_files(path); });
    };
    EXPECT_MENTIONS(rejection("a.gguf.part", std::string_view(gguf).substr(0, gguf.size() - 10)),
                    "its download is not complete (99.");
    EXPECT_MENTIONS(rejection("a.gguf", std::string(gguf.size(), '\0')), "a download that has not");
    const std::string safetensors = tests::safetensors::sample().bytes();
    EXPECT_MENTIONS(rejection("a.part", std::string_view(safetensors).substr(0, 300)),
                    "not complete");
}

// What lies in a folder, with sizes and times.
std::vector<std::string> contents(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder)) {
        out.push_back(fmt::format("{} {} {}",
                                  entry.path().filename().string(),
                                  entry.file_size(),
                                  entry.last_write_time().time_since_epoch().count()));
    }
    std::ranges::sort(out);
    return out;
}

TEST(ModelFiles, Hazard044_NothingIsWrittenBesideAModel) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.write("m.gguf", tests::gguf::sample().bytes());
    fs::permissions(path, fs::perms(0444));
    fs::permissions(folder.path(), fs::perms(0555));
    const auto before = contents(folder.path());
    {
        const tests::Unprivileged rights;
        const auto model = open_model_files(path);
        ASSERT_TRUE(model) << model.error().message;
    }
    EXPECT_EQ(contents(folder.path()), before);
    fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(ModelFiles, Hazard045_TwoMayReadOneFileEvenWhenItIsLocked) {
    const tests::TemporaryFolder folder;
    const fs::path path = folder.write("m.gguf", tests::gguf::sample().bytes());
    const auto locked = File::open(path);
    ASSERT_TRUE(locked);
    ASSERT_EQ(::flock(locked->descriptor(), LOCK_EX), 0);
    const auto first = open_model_files(path);
    const auto second = open_model_files(path);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->files[0].identity(), second->files[0].identity());
}

TEST(ModelFiles, Hazard035_PathsThatAreNoFile) {
    const tests::TemporaryFolder folder;
    const auto rejection = [](const fs::path& path) {
        return tests::rejection_by([&] { return open_model_files(path); });
    };
    EXPECT_MENTIONS(rejection(folder.path() / "none"), "No such file");
    EXPECT_MENTIONS(rejection(""), "No such file");
    EXPECT_MENTIONS(rejection("/dev/zero"), "is a device");
    EXPECT_MENTIONS(rejection(folder.path()), "is a folder without a model");
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
