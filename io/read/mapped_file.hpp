// A file's bytes as memory, mapped and read-only. Knows no format, and cannot report a disk's
// error: where the file is cut shorter under the mapping, or the disk fails, reading the memory
// ends the process (SIGBUS). read_ranges has no such hazard.
#pragma once

#include <cstddef>
#include <span>

#include "io/file.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// Move-only. Independent of the File once mapped. bytes() may be read from any thread.
class MappedFile {
 public:
    // All of the file, as large as it was when it was opened; an error when it has changed since.
    static Result<MappedFile> map(const File& file);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const { return bytes_; }

 private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::span<const std::byte> bytes_;
};

}  // namespace greenroom::io
