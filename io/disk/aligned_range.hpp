// Reads around the page cache begin and end at multiples of a sector. Knows arithmetic only.
#pragma once

#include <cstdint>

#include "io/file_range.hpp"

namespace greenroom::io {

// What every disk and file system that takes O_DIRECT at all takes, in the file and in memory.
inline constexpr std::uint64_t kDiskAlignment = 4096;

// A range widened to whole sectors.
struct AlignedRange {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t bytes = 0;
    std::uint64_t skip = 0;  // bytes before the ones asked for
};

// Contract: the range ends below 2^63, as every range of an open file does.
constexpr AlignedRange widen(const FileRange& range) {
    const std::uint64_t skip = range.offset % kDiskAlignment;
    const std::uint64_t whole = skip + range.bytes + kDiskAlignment - 1;
    return {range.offset - skip, whole / kDiskAlignment * kDiskAlignment, skip};
}

}  // namespace greenroom::io
