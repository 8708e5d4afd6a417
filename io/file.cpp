#include "io/file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

// One read(2) moves at most this much on Linux (MAX_RW_COUNT with 4 KiB pages).
constexpr std::size_t kLargestRead = 0x7ffff000;

Error system_error(const fs::path& path, std::string_view doing, int code) {
    return {fmt::format(
        "{}: {}: {}", printable_path(path), doing, std::generic_category().message(code))};
}

FileIdentity identity_of(const struct stat& status) {
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size_bytes = static_cast<std::uint64_t>(status.st_size),
            .modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

std::string_view kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
    return "not a regular file";
}

Error explain_missing(const fs::path& path, int code) {
    std::error_code ignored;
    if (code == ENOENT && fs::is_symlink(fs::symlink_status(path, ignored))) {
        const fs::path target = fs::read_symlink(path, ignored);
        return {fmt::format("{}: a symbolic link to {}, which does not exist",
                            printable_path(path),
                            printable_path(target))};
    }
    return system_error(path, "cannot open", code);
}

// Never waits for the other end of a pipe, should the file have become one. While somebody holds a
// lease on it, as file servers do, the system asks for it back and takes it after its
// lease-break-time, 45 s where nobody has set another.
int open_file(const fs::path& path) {
    constexpr auto kBetweenTries = std::chrono::milliseconds(10);
    constexpr int kTries = 6000;
    for (int tries = 1;; ++tries) {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd >= 0 || errno != EWOULDBLOCK || tries == kTries) return fd;
        std::this_thread::sleep_for(kBetweenTries);
    }
}

}  // namespace

Result<File> File::open(const fs::path& path) {
    // Some devices act on being opened, so the kind is asked for first and again afterwards.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return explain_missing(path, errno);
    const auto refuse = [&] {
        return Error{fmt::format(
            "{}: is {}; expected a file", printable_path(path), kind_of(status.st_mode))};
    };
    if (!S_ISREG(status.st_mode)) return refuse();
    const int fd = open_file(path);
    if (fd < 0) return explain_missing(path, errno);
    File file(path, fd, {});
    if (::fstat(fd, &status) != 0) return system_error(path, "cannot ask its size", errno);
    if (!S_ISREG(status.st_mode)) return refuse();
    file.identity_ = identity_of(status);
    return file;
}

Result<File> File::blank(std::uint64_t size_bytes) {
    const fs::path name = "blank file in memory";
    const int fd = ::memfd_create("greenroom", MFD_CLOEXEC);
    if (fd < 0) return system_error(name, "cannot be had", errno);
    File file(name, fd, {});
    struct stat status {};
    const bool is_made = ::ftruncate(fd, static_cast<off_t>(size_bytes)) == 0;
    if (!is_made || ::fstat(fd, &status) != 0) return system_error(name, "cannot be had", errno);
    file.identity_ = identity_of(status);
    return file;
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      identity_(other.identity_) {}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(fd_, other.fd_);
    std::swap(identity_, other.identity_);
    return *this;
}

File::~File() {
    if (fd_ >= 0) ::close(fd_);
}

Result<void> File::read_at(std::uint64_t offset, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ssize_t got = ::pread(
            fd_, out.data(), std::min(out.size(), kLargestRead), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return system_error(
                path_, fmt::format("cannot read {} bytes at {}", out.size(), offset), errno);
        }
        if (got == 0) {
            return Error{
                fmt::format("{}: ends at {} bytes; it had {} when it was opened "
                            "(file changed while it was read)",
                            printable_path(path_),
                            offset,
                            size())};
        }
        offset += static_cast<std::uint64_t>(got);
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

Result<void> File::check_unchanged() const {
    struct stat now {};
    if (::fstat(fd_, &now) != 0) return system_error(path_, "cannot ask its size", errno);
    const FileIdentity open_now = identity_of(now);
    if (open_now.size_bytes != size()) {
        return Error{fmt::format("{}: file changed while it was read: it had {} bytes, now {}",
                                 printable_path(path_),
                                 size(),
                                 open_now.size_bytes)};
    }
    if (open_now != identity_) {
        return Error{
            fmt::format("{}: file changed while it was read (modified since it was opened)",
                        printable_path(path_))};
    }
    struct stat named {};
    if (::stat(path_.c_str(), &named) == 0 && identity_of(named) != identity_) {
        return Error{fmt::format("{}: file changed while it was read (replaced by another file)",
                                 printable_path(path_))};
    }
    return {};
}

Result<std::string> read_text_file(const fs::path& path, std::uint64_t limit_bytes) {
    Result<File> file = File::open(path);
    if (!file) return file.error();
    if (file->size() > limit_bytes) {
        return Error{fmt::format("{}: has {} bytes; expected at most {}",
                                 printable_path(path),
                                 file->size(),
                                 limit_bytes)};
    }
    std::string text(file->size(), '\0');
    if (auto read = file->read_at(0, std::as_writable_bytes(std::span(text))); !read) {
        return read.error();
    }
    return text;
}

}  // namespace greenroom::io
