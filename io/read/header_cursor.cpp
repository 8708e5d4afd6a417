#include "io/read/header_cursor.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::io {

bool HeaderCursor::fail(std::string message) {
    error_.message = std::move(message);
    return false;
}

bool HeaderCursor::refill() {
    const auto room = std::span(buffer_).first(std::min<std::uint64_t>(buffer_.size(), left()));
    if (auto read = source_.read_at(position_, room); !read) return fail(read.error().message);
    buffered_ = room;
    return true;
}

bool HeaderCursor::read_bytes(std::string_view field, std::span<std::byte> out) {
    if (out.size() > left()) {
        return fail(fmt::format("the file ends inside {}: {} bytes are due at {}, {} are left",
                                field,
                                out.size(),
                                position_,
                                left()));
    }
    while (!out.empty()) {
        if (buffered_.empty() && !refill()) return false;
        const std::size_t part = std::min(out.size(), buffered_.size());
        std::memcpy(out.data(), buffered_.data(), part);
        buffered_ = buffered_.subspan(part);
        out = out.subspan(part);
        position_ += part;
    }
    return true;
}

bool HeaderCursor::read_string(std::string_view field,
                               std::uint64_t limit_bytes,
                               std::string& out) {
    std::uint64_t length = 0;
    if (!read(field, length)) return false;
    if (length > limit_bytes) {
        return fail(
            fmt::format("{} is {} bytes long; expected at most {}", field, length, limit_bytes));
    }
    if (length > left()) {
        return fail(
            fmt::format("{} is {} bytes long; the file has {} left", field, length, left()));
    }
    if (!budget_.take(1, string_heap_bytes(length))) {
        return fail(fmt::format("{} is {} bytes long; headers may take {} MiB of memory",
                                field,
                                length,
                                kHeaderLimitBytes >> 20));
    }
    out.resize(length);
    return read_bytes(field, std::as_writable_bytes(std::span(out)));
}

bool HeaderCursor::read_count(std::string_view field,
                              std::uint64_t smallest_bytes,
                              std::uint64_t memory_bytes,
                              std::uint64_t& out) {
    if (!read(field, out)) return false;
    if (out > left() / smallest_bytes) {
        return fail(fmt::format("{} is {}; the {} bytes left have room for {}",
                                field,
                                out,
                                left(),
                                left() / smallest_bytes));
    }
    if (!budget_.take(out, memory_bytes)) {
        return fail(fmt::format(
            "{} is {}; headers may take {} MiB of memory", field, out, kHeaderLimitBytes >> 20));
    }
    return true;
}

}  // namespace greenroom::io
