#include "io/read/unwritten_tail.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace greenroom::io {

Result<std::optional<std::string>> find_unwritten_tail(const ByteSource& source,
                                                       std::uint64_t begin,
                                                       std::uint64_t end) {
    constexpr std::uint64_t kSamples = 16;
    constexpr std::uint64_t kSampleBytes = 1024;
    constexpr std::uint64_t kSmallestData = 1 << 20;
    const std::uint64_t bytes = end - begin;
    if (bytes < kSmallestData) return std::optional<std::string>();
    std::uint64_t zeros = 0;  // samples without a bit set, counted from the end
    for (; zeros < kSamples; ++zeros) {
        std::array<std::byte, kSampleBytes> sample;
        const std::uint64_t offset = end - kSampleBytes - zeros * (bytes / kSamples);
        if (auto read = source.read_at(offset, sample); !read) return read.error();
        if (std::ranges::any_of(sample, [](std::byte b) { return b != std::byte{0}; })) break;
    }
    if (zeros < 2) return std::optional<std::string>();
    return std::optional(
        fmt::format("{}: about {} % of the tensor data, at its end, are zeros; was the download "
                    "interrupted?",
                    source.name(),
                    (zeros - 1) * 100 / kSamples));
}

}  // namespace greenroom::io
