#include "io/safetensors/folder_contents.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/io/hostile.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using tests::TemporaryFolder;

TEST(FolderContents, NamesGgufFilesAndOfASetTheFirst) {
    const TemporaryFolder folder;
    folder.write("config.json", "{}");
    folder.write("b-00001-of-00002.gguf", "");
    folder.write("b-00002-of-00002.gguf", "");
    EXPECT_EQ(describe_folder(folder.path()),
              "is a folder with a GGUF file; name the file: b-00001-of-00002.gguf");
    folder.write("a\x1b.gguf", "");
    EXPECT_EQ(describe_folder(folder.path()),
              "is a folder with GGUF files; name one of them: a\\x1b.gguf, b-00001-of-00002.gguf");
    for (int i = 0; i < 100; ++i) folder.write(fmt::format("c{}.gguf", i), "");
    EXPECT_LT(describe_folder(folder.path()).size(), 300u);
}

TEST(FolderContents, Hazard085_SaysWhatAFolderLacks) {
    const TemporaryFolder folder;
    EXPECT_MENTIONS(describe_folder(folder.path()), "is a folder without a model; expected a GGUF");
    folder.write("config.json", "{}");
    EXPECT_MENTIONS(describe_folder(folder.path()),
                    "with config.json but without safetensors files");
    folder.write("pytorch_model.bin", "");
    EXPECT_MENTIONS(describe_folder(folder.path()), "PyTorch checkpoint");
    folder.write("other.safetensors", "");
    EXPECT_MENTIONS(describe_folder(folder.path()), "it has other.safetensors: name that file");
    std::filesystem::remove(folder.path() / "config.json");
    EXPECT_MENTIONS(describe_folder(folder.path()),
                    "with other.safetensors but without config.json");
}

TEST(FolderContents, Hazard035_AFolderThatMayNotBeRead) {
    const TemporaryFolder folder;
    folder.write("config.json", "{}");
    std::filesystem::permissions(folder.path(), std::filesystem::perms::none);
    const uid_t user = ::geteuid();
    constexpr uid_t kNobody = 65534;  // root may read everything
    if (user == 0) {
        ASSERT_EQ(::seteuid(kNobody), 0);
    }
    const std::string description = describe_folder(folder.path());
    if (user == 0) {
        ASSERT_EQ(::seteuid(user), 0);
    }
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
    EXPECT_EQ(description, "is a folder that cannot be read: Permission denied");
}

}  // namespace
}  // namespace greenroom::io
