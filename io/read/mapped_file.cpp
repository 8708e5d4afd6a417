#include "io/read/mapped_file.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <sys/mman.h>
#include <system_error>
#include <utility>

namespace greenroom::io {

Result<MappedFile> MappedFile::map(const File& file) {
    // Pages past a new, nearer end would be mapped and deadly.
    if (auto same = file.check_unchanged(); !same) return same.error();
    if (file.size() == 0) return MappedFile({});  // mmap refuses a length of 0
    void* start = ::mmap(nullptr, file.size(), PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (start == MAP_FAILED) {
        return Error{fmt::format("{}: cannot map {} bytes: {}",
                                 printable_path(file.path()),
                                 file.size(),
                                 std::generic_category().message(errno))};
    }
    return MappedFile({static_cast<const std::byte*>(start), file.size()});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace greenroom::io
