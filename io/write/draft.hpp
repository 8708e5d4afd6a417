// A new file that takes the place of an old one when it is complete, or leaves no trace. Knows no
// format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "io/result.hpp"

namespace greenroom::io {

// Move-only; one thread at a time. Written beside the target without a name, so that nothing is
// left of it even when the process is killed; where the file system cannot do that, under another
// name, removed when this goes before publish().
class Draft {
 public:
    // Follows a symbolic link at `target`, keeps the old file's permissions, and refuses folders,
    // pipes and devices.
    static Result<Draft> create(const std::filesystem::path& target);
    Draft(Draft&& other) noexcept;
    Draft& operator=(Draft&&) = delete;
    ~Draft();

    // Takes this much of the disk at once, where the file system can: a disk that is too small is
    // an Error now, not after an hour of writing.
    Result<void> reserve(std::uint64_t bytes);
    Result<void> append(std::span<const std::byte> bytes);
    // Syncs and renames: whoever opens the target finds the old file or the whole new one.
    Result<void> publish();

 private:
    Draft(std::filesystem::path named, std::filesystem::path target, std::filesystem::path path)
        : named_(std::move(named)), target_(std::move(target)), path_(std::move(path)) {}

    std::filesystem::path named_;   // as the caller calls it, for messages
    std::filesystem::path target_;  // links resolved
    std::filesystem::path path_;    // the draft's own
    int fd_ = -1;
    bool has_name_ = false;
};

}  // namespace greenroom::io
