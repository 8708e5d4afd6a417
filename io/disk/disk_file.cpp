#include "io/disk/disk_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace greenroom::io {
namespace {

// Through /proc, because the path may name another file by now; without /proc the identity tells.
int reopen_direct(const File& file) {
    const std::string same = fmt::format("/proc/self/fd/{}", file.descriptor());
    const int descriptor = ::open(same.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
    if (descriptor >= 0 || errno != ENOENT || !file.check_unchanged()) return descriptor;
    return ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
}

}  // namespace

void DiskFile::Close::operator()(int* descriptor) const {
    ::close(*descriptor);
    delete descriptor;
}

DiskFile DiskFile::open(const File& file) {
    DiskFile out(file);
    const int descriptor = reopen_direct(file);
    if (descriptor < 0) {
        out.give_up_direct(std::generic_category().message(errno));
    } else {
        out.direct_.reset(new int(descriptor));
    }
    return out;
}

void DiskFile::give_up_direct(std::string why) {
    refusal_ = std::move(why);
}

}  // namespace greenroom::io
