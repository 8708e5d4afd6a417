#include "io/read/foreign_file.hpp"

#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"
#include "tests/support/gguf_bytes.hpp"
#include "tests/support/safetensors_bytes.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {

std::string description_of(std::string_view bytes) {
    return describe_foreign_file(tests::memory_file(bytes));
}

ModelFormat format_of(std::string_view bytes) {
    return *recognise_model(tests::memory_file(bytes));
}

TEST(ForeignFile, RecognisesModelsByTheirFirstBytes) {
    EXPECT_EQ(format_of(tests::gguf::sample().bytes()), ModelFormat::gguf);
    EXPECT_EQ(format_of(tests::safetensors::sample().bytes()), ModelFormat::safetensors);
    EXPECT_EQ(format_of("GGUF"), ModelFormat::gguf);
    for (const char* bytes : {"", "GGU", "FUGGxxxx", "<html>", "12345678{"}) {
        EXPECT_EQ(format_of(bytes), ModelFormat::other) << bytes;
    }
}

TEST(ForeignFile, Hazard041_AFailingReadIsNamedOnce) {
    const tests::TemporaryFolder folder;
    const auto file = File::open(folder.write("model", std::string(100, 'x')));
    ASSERT_TRUE(file);
    std::filesystem::resize_file(file->path(), 4);
    const FileSource source(*file);
    const Result<ModelFormat> format = recognise_model(source);
    ASSERT_FALSE(format);
    EXPECT_TRUE(format.error().message.starts_with(source.name() + ": ends at 4 bytes"));
    EXPECT_EQ(describe_foreign_file(source), "cannot be read");
}

TEST(ForeignFile, Hazard003_SaysWhatWasDownloadedInstead) {
    EXPECT_EQ(description_of(""), "is empty");
    EXPECT_MENTIONS(description_of("<!DOCTYPE HTML>"), "is an HTML page");
    EXPECT_MENTIONS(description_of("<HTML><head>"), "is an HTML page");
    EXPECT_MENTIONS(description_of("<?xml version"), "is an XML page");
    EXPECT_MENTIONS(description_of("version https://git-lfs.github.com"), "git-lfs pointer");
    EXPECT_MENTIONS(description_of("PK\x03\x04"), "ZIP archive");
    EXPECT_MENTIONS(description_of("tjggxxxx"), "GGJT file of 2023");
    EXPECT_MENTIONS(description_of("\x1f\x8b\x08"), "gzip");
    EXPECT_MENTIONS(description_of("\x28\xb5\x2f\xfd"), "zstd");
    EXPECT_MENTIONS(description_of("\x80\x02}q"), "Python pickle");
    EXPECT_EQ(description_of("GGUFxxxx"), "is a GGUF file");
    EXPECT_EQ(description_of(tests::safetensors::sample().bytes()), "is a safetensors file");
}

TEST(ForeignFile, ShowsTheStartOfWhatItDoesNotKnow) {
    EXPECT_EQ(description_of("Not Found\n"), "is text: \"Not Found\\x0a\"");
    EXPECT_EQ(description_of("\x01\x02\x1b\xff rest"), "begins with \"\\x01\\x02\\x1b\\xff\"");
    EXPECT_EQ(description_of(std::string(64, '\0') + "x"),
              "begins with zeros (a download that has not begun?)");
}

}  // namespace
}  // namespace greenroom::io
