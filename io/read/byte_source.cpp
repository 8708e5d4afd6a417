#include "io/read/byte_source.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::io {

Result<void> MemorySource::read_at(std::uint64_t offset, std::span<std::byte> out) const {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
        return Error{fmt::format("{}: cannot read {} bytes at {}: it has {}",
                                 name(),
                                 out.size(),
                                 offset,
                                 bytes_.size())};
    }
    std::ranges::copy(bytes_.subspan(offset, out.size()), out.begin());
    return {};
}

}  // namespace greenroom::io
