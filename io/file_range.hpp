// A run of bytes in one of the files of a model.
#pragma once

#include <cstdint>

namespace greenroom::io {

struct FileRange {
    std::uint32_t file = 0;    // index into ModelFiles::paths
    std::uint64_t offset = 0;  // bytes from the start of that file
    std::uint64_t bytes = 0;
    bool operator==(const FileRange&) const = default;
};

}  // namespace greenroom::io
