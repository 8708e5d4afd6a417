#include "io/write/draft.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "io/file.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

Error cannot(std::string_view doing, const fs::path& path, int code) {
    return {fmt::format(
        "{}: cannot {}: {}", printable_path(path), doing, std::generic_category().message(code))};
}

// A file without a name goes with its process, however that ends. -1 where the file system has none
// or where there is no way to name it in the end.
int open_unnamed(const fs::path& folder, mode_t mode) {
    if (::access("/proc/self/fd", X_OK) != 0) return -1;
    return ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
}

}  // namespace

Result<Draft> Draft::create(const fs::path& target) {
    std::error_code missing;
    const fs::path real = fs::canonical(target, missing);
    const fs::path final_path = missing ? target : real;
    struct stat old {};
    const bool exists = ::stat(final_path.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        return Error{
            fmt::format("{}: is not a regular file; not replaced", printable_path(target))};
    }
    const mode_t mode = exists ? old.st_mode & 0777 : 0666;
    fs::path beside = final_path;
    beside += fmt::format(".new-{}", ::getpid());
    Draft draft(target, final_path, std::move(beside));
    ::unlink(draft.path_.c_str());  // left by a process of the same id that was killed
    draft.fd_ = open_unnamed(final_path.parent_path(), mode);
    if (draft.fd_ >= 0) return draft;
    draft.fd_ =
        ::open(draft.path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (draft.fd_ < 0) return cannot("write", target, errno);
    draft.has_name_ = true;
    return draft;
}

Draft::Draft(Draft&& other) noexcept
    : named_(std::move(other.named_)),
      target_(std::move(other.target_)),
      path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      has_name_(other.has_name_) {}

Draft::~Draft() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (has_name_) ::unlink(path_.c_str());
}

Result<void> Draft::reserve(std::uint64_t bytes) {
    int code = 0;
    do {
        code = ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
    } while (code == EINTR);
    if (code != ENOSPC && code != EFBIG && code != EDQUOT) return {};  // else it cannot say
    return cannot(fmt::format("write {} bytes", bytes), named_, code);
}

Result<void> Draft::append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) return cannot("write", named_, errno);
        if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> Draft::publish() {
    if (::fsync(fd_) != 0) return cannot("write", named_, errno);
    if (!has_name_) {
        const std::string unnamed = fmt::format("/proc/self/fd/{}", fd_);
        const char* name = path_.c_str();
        if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0) {
            return cannot("write", named_, errno);
        }
        has_name_ = true;
    }
    if (::rename(path_.c_str(), target_.c_str()) != 0) return cannot("replace", named_, errno);
    if (::close(std::exchange(fd_, -1)) != 0) return cannot("write", named_, errno);
    return {};
}

}  // namespace greenroom::io
