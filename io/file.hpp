// An open regular file, read by position. Refuses directories, pipes and devices by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "io/result.hpp"

namespace greenroom::io {

// Tells one state of one file from another: replaced files change device or inode, edited ones size
// or modification time.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size_bytes = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const FileIdentity&) const = default;
};

// Move-only; const members may be called from any thread.
class File {
 public:
    // Follows symbolic links; never blocks on a pipe. Errors say what the path is instead of a
    // file.
    static Result<File> open(const std::filesystem::path& path);
    // A file that no folder has, reads as zeros and takes no memory: the place of weights that
    // nobody wrote. An Error when the system refuses it.
    static Result<File> blank(std::uint64_t size_bytes);
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    const std::filesystem::path& path() const { return path_; }
    std::uint64_t size() const { return identity_.size_bytes; }  // when it was opened
    const FileIdentity& identity() const { return identity_; }   // when it was opened
    int descriptor() const { return fd_; }

    // Fills all of `out` from `offset`. A file that has shrunk since is an error, not a hang.
    Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const;

    // An error when the file has been edited, or another one put in its place, since it was opened.
    // A file that was only deleted keeps its bytes as long as it is open and passes.
    Result<void> check_unchanged() const;

 private:
    File(std::filesystem::path path, int fd, FileIdentity identity)
        : path_(std::move(path)), fd_(fd), identity_(identity) {}

    std::filesystem::path path_;
    int fd_ = -1;
    FileIdentity identity_;
};

// The whole of a small text file; an error when it is larger than `limit_bytes`.
Result<std::string> read_text_file(const std::filesystem::path& path, std::uint64_t limit_bytes);

// `text` with control characters, escapes and invalid UTF-8 made visible, cut at `limit` bytes: for
// names from files that appear in messages.
std::string printable(std::string_view text, std::size_t limit = 80);

// A path for messages: printable and whole.
std::string printable_path(const std::filesystem::path& path);

}  // namespace greenroom::io
