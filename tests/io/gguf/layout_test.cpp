#include <filesystem>
#include <gtest/gtest.h>

#include "io/file.hpp"
#include "tests/io/gguf/rejection.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::io {
namespace {
using namespace tests::gguf;

// Two tensors of 32 bytes at these places in the data, which has `data_bytes`.
GgufFile two_tensors(std::uint64_t a, std::uint64_t b, std::size_t data_bytes) {
    return {.tensors = {describe({.name = "a", .offset = a}), describe({.name = "b", .offset = b})},
            .data = std::string(data_bytes, 'x')};
}

std::vector<std::string> warnings_of(const std::string& bytes) {
    HeaderBudget budget;
    const auto header = read_gguf_header(tests::memory_file(bytes), budget);
    return header ? header->warnings : std::vector{"refused: " + header.error().message};
}

TEST(GgufLayout, Hazard026_UnalignedOffsets) {
    EXPECT_MENTIONS(tensor_rejection({.offset = 1}, 64),
                    "offset 1 is not a multiple of general.align");
    EXPECT_MENTIONS(tensor_rejection({.offset = ~0ull}, 64), "is not a multiple");
}

TEST(GgufLayout, Hazard027_TensorsBeyondTheEnd) {
    EXPECT_MENTIONS(tensor_rejection({.offset = 32}, 32), "tensor a ends at byte");
    EXPECT_MENTIONS(tensor_rejection({.shape = {9}}, 32), "its download is not complete");
    EXPECT_MENTIONS(tensor_rejection({.offset = 1ull << 40}, 32), "% are there");
}

TEST(GgufLayout, Hazard028_EndsThatWrap) {
    EXPECT_MENTIONS(tensor_rejection({.offset = ~0ull - 31}), "pass 2^64");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1ull << 60}, .offset = ~0ull - 31}), "pass 2^64");
}

TEST(GgufLayout, Hazard029_OverlapsAreRefused) {
    EXPECT_MENTIONS(rejection(two_tensors(0, 0, 64)), "tensors a and b overlap at byte");
    GgufFile file = two_tensors(0, 32, 64);
    file.tensors[0] = describe({.name = "a", .shape = {9}});
    EXPECT_MENTIONS(rejection(file), "tensors a and b overlap at byte");
}

TEST(GgufLayout, Hazard029_GapsAndOtherOrdersAreAccepted) {
    EXPECT_EQ(warnings_of(two_tensors(32, 0, 64).bytes()), std::vector<std::string>());
    EXPECT_EQ(warnings_of(two_tensors(0, 96, 128).bytes()),
              std::vector<std::string>{"m: 1 gaps between tensors, 64 bytes not used"});
}

TEST(GgufLayout, Hazard030_SumsOfSizesThatWrap) {
    // Five times 2^62 bytes at the same place; and one whose end is the last below 2^64.
    GgufFile file{.data = std::string(64, 'x')};
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        file.tensors.push_back(describe({.name = name, .shape = {1ull << 60}}));
    }
    EXPECT_MENTIONS(rejection(file), "tensor a ends at byte 4611686018427388");
    EXPECT_MENTIONS(tensor_rejection({.shape = {1}, .offset = ~0ull - 31 - 32 * 8}), "cut off");
}

TEST(GgufLayout, Hazard031_DataThatWouldBeginBeyondTheEnd) {
    GgufFile file{.metadata = {u32_entry("general.alignment", 1u << 26)},
                  .tensors = {describe({})}};
    EXPECT_MENTIONS(rejection(file.header()), "ends at byte 67108896, but the file has");
}

TEST(GgufLayout, Hazard032_TrailingBytesAreAcceptedWithAWarning) {
    const std::string bytes = two_tensors(0, 32, 64).bytes();
    EXPECT_EQ(warnings_of(bytes + std::string(100, '\n')),
              std::vector<std::string>{"m: 100 bytes follow the last tensor and are not used"});
}

TEST(GgufLayout, Hazard036_JoinedShardsAreNamed) {
    const std::string bytes = two_tensors(0, 32, 64).bytes();
    EXPECT_MENTIONS(rejection(bytes + bytes), "joined with cat");
}

TEST(GgufLayout, Hazard034_SparseFileOf200GiB) {
    const tests::TemporaryFolder folder;
    constexpr std::uint64_t kSize = 200ull << 30;
    // Zeros as tensors, as an array of 2^34 empty strings, and as what follows the last tensor.
    GgufFile tensors{.tensors = {describe({.shape = {1ull << 35}})}};
    GgufFile strings{.metadata = {array_entry("a", {kString, 1ull << 34, ""})}};
    GgufFile numbers{.metadata = {array_entry("a", {kU8, 1ull << 37, ""})}};
    GgufFile keys{.n_metadata = 1ull << 33};
    const auto open = [&](const GgufFile& file) {
        const auto path = folder.write("sparse.gguf", file.header());
        std::error_code refused;
        std::filesystem::resize_file(path, kSize, refused);
        EXPECT_FALSE(refused) << refused.message();
        return tests::rejection_by([&]() -> Result<GgufHeader> {
            const auto opened = io::File::open(path);
            if (!opened) return opened.error();
            HeaderBudget budget;
            return read_gguf_header(FileSource(*opened), budget);
        });
    };
    EXPECT_EQ(open(tensors), "accepted");
    EXPECT_MENTIONS(open(strings), "headers may take 60 MiB");
    EXPECT_MENTIONS(open(numbers), "headers may take 60 MiB");
    EXPECT_MENTIONS(open(keys), "headers may take 60 MiB");
}

TEST(GgufLayout, Hazard043_DataWithoutAnEndIsNoticed) {
    GgufFile file{.tensors = {describe({.shape = {1 << 20}})}};
    file.data = std::string(1 << 20, 'x') + std::string(3 << 20, '\0');
    const auto warnings = warnings_of(file.bytes());
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_MENTIONS(warnings[0], "about 68 % of the tensor data, at its end, are zeros");
}

}  // namespace
}  // namespace greenroom::io
