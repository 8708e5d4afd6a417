// An open regular file, read by position. Refuses directories, pipes and devices by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "io/result.hpp"

namespace greenroom::io {

// Move-only; const reads may be called from any thread.
class File {
 public:
    static Result<File> open(const std::filesystem::path& path);
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    const std::filesystem::path& path() const { return path_; }
    std::uint64_t size() const { return size_; }  // bytes, when it was opened
    int descriptor() const { return fd_; }

    // Fills all of `out` from `offset`. A file that has shrunk since is an error, not a hang.
    Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const;

 private:
    File(std::filesystem::path path, int fd, std::uint64_t size)
        : path_(std::move(path)), fd_(fd), size_(size) {}

    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

// The whole of a small text file; an error when it is larger than `limit_bytes`.
Result<std::string> read_text_file(const std::filesystem::path& path, std::uint64_t limit_bytes);

// `text` with control characters, escapes and invalid UTF-8 made visible, cut at `limit` bytes: for
// names from files that appear in messages.
std::string printable(std::string_view text, std::size_t limit = 80);

}  // namespace greenroom::io
