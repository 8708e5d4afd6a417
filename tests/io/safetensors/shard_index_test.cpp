#include "io/safetensors/shard_index.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/hostile.hpp"

namespace greenroom::io {
namespace {

std::string rejection(std::string_view text) {
    return tests::rejection_by([&] {
        HeaderBudget budget;
        return parse_shard_index(text, "i", budget);
    });
}

TEST(ShardIndex, NumbersFilesByName) {
    HeaderBudget budget;
    const auto index = parse_shard_index(
        R"({"metadata":{"total_size":4},"weight_map":{"a":"2.st","b":"1.st","c":"2.st"}})",
        "i",
        budget);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(index->files, (std::vector<std::string>{"1.st", "2.st"}));
    EXPECT_EQ(index->file_of.at("a"), 1u);
    EXPECT_EQ(index->file_of.at("b"), 0u);
    EXPECT_EQ(index->file_of.at("c"), 1u);
}

TEST(ShardIndex, Hazard084_FilesOutsideTheFolder) {
    for (const char* file : {"../x", "/etc/passwd", "a/b", "..", ".", "", "a\\u0000b"}) {
        EXPECT_MENTIONS(rejection(fmt::format(R"({{"weight_map":{{"t":"{}"}}}})", file)),
                        "expected the name of a file in the same folder");
    }
    const std::string long_name(256, 'x');
    EXPECT_MENTIONS(rejection(fmt::format(R"({{"weight_map":{{"t":"{}"}}}})", long_name)),
                    "i: weight_");
    EXPECT_MENTIONS(rejection(R"({"weight_map":{"t":7}})"), "t lies in no string");
}

TEST(ShardIndex, Hazard084_IndexesThatAreNone) {
    for (const char* text : {"[]", "{}", "null", R"({"weight_map":{}})", R"({"weight_map":[]})"}) {
        EXPECT_MENTIONS(rejection(text), "i: weight_map is missing or empty");
    }
    EXPECT_MENTIONS(rejection(R"({"weight_map":{"a":"x","a":"y"}})"), "key \"a\" appears twice");
    EXPECT_MENTIONS(rejection("{"), "i: line 1, column 2");
}

TEST(ShardIndex, Hazard084_IndexesThatAreTooLarge) {
    std::string files = R"({"weight_map":{"t":"f")";
    for (int i = 0; i < 10'000; ++i) files += fmt::format(R"(,"t{}":"f{}")", i, i);
    EXPECT_MENTIONS(rejection(files + "}}"), "names more than 10000 files");
    // The index of the largest published models: 92 000 tensors with names of 60 bytes.
    std::string tensors = R"({"weight_map":{"t":"f")";
    for (int i = 0; i < 92'000; ++i) {
        tensors +=
            fmt::format(R"(,"model.layers.10.mlp.experts.200.gate_proj.weight_scale_{:06}":)", i);
        tensors += fmt::format(R"("model-{:05}-of-000163.safetensors")", i % 163);
    }
    EXPECT_EQ(rejection(tensors + "}}"), "accepted");
}

}  // namespace
}  // namespace greenroom::io
