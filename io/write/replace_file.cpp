#include "io/write/replace_file.hpp"

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

// The new file until it has taken the place of the old one; removed if that does not happen.
class Draft {
 public:
    explicit Draft(fs::path path) : path_(std::move(path)) {}
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        close();
        if (created_) ::unlink(path_.c_str());
    }

    // 0 or errno.
    int create(mode_t mode) {
        ::unlink(path_.c_str());  // left by a process of the same id that was killed
        fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        created_ = fd_ >= 0;
        return created_ ? 0 : errno;
    }

    int write(std::string_view contents) {
        while (!contents.empty()) {
            const ssize_t n = ::write(fd_, contents.data(), contents.size());
            if (n < 0 && errno != EINTR) return errno;
            if (n > 0) contents.remove_prefix(static_cast<std::size_t>(n));
        }
        return ::fsync(fd_) == 0 ? 0 : errno;
    }

    int rename_to(const fs::path& target) {
        if (const int code = close(); code != 0) return code;
        if (::rename(path_.c_str(), target.c_str()) != 0) return errno;
        created_ = false;
        return 0;
    }

 private:
    int close() {
        const int fd = std::exchange(fd_, -1);
        return fd < 0 || ::close(fd) == 0 ? 0 : errno;
    }

    fs::path path_;
    int fd_ = -1;
    bool created_ = false;
};

}  // namespace

Result<void> replace_file(const fs::path& path, std::string_view contents) {
    std::error_code missing;
    const fs::path real = fs::canonical(path, missing);
    const fs::path target = missing ? path : real;
    struct stat old {};
    const bool exists = ::stat(target.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        return Error{fmt::format("{}: is not a regular file; not replaced", printable_path(path))};
    }
    const mode_t mode = exists ? old.st_mode & 0777 : 0666;
    fs::path beside = target;
    beside += fmt::format(".new-{}", ::getpid());
    Draft draft(std::move(beside));
    if (const int code = draft.create(mode); code != 0) return cannot("write", path, code);
    if (const int code = draft.write(contents); code != 0) return cannot("write", path, code);
    if (const int code = draft.rename_to(target); code != 0) return cannot("replace", path, code);
    return {};
}

}  // namespace greenroom::io
