#include "runtime/text/load/wire_reader.hpp"

#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

}  // namespace

io::Result<std::optional<WireField>> WireReader::next() {
    if (rest_.empty()) return std::optional<WireField>();
    const auto tag = varint();
    if (!tag || *tag >> 3 == 0 || *tag >> 32 != 0) return io::Error{"a field has no valid number"};
    WireField field;
    field.number = static_cast<std::uint32_t>(*tag >> 3);
    const auto type = static_cast<std::uint32_t>(*tag & 7);
    std::optional<std::uint64_t> value;
    switch (type) {
        case kVarint:
        case kBytes:
            value = varint();
            break;
        case kFixed64:
            value = fixed(8);
            break;
        case kFixed32:
            value = fixed(4);
            break;
        default:
            return io::Error{fmt::format("field {} is of wire type {}", field.number, type)};
    }
    if (!value || (type == kBytes && *value > rest_.size())) {
        return io::Error{fmt::format("field {} ends after the file", field.number)};
    }
    if (type != kBytes) {
        field.value = *value;
        return std::optional(field);
    }
    field.has_bytes = true;
    field.bytes = rest_.substr(0, *value);
    rest_.remove_prefix(*value);
    return std::optional(field);
}

std::optional<std::uint64_t> WireReader::varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) return std::nullopt;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> WireReader::fixed(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) {
        value = value << 8 | static_cast<std::uint8_t>(rest_[i]);
    }
    rest_.remove_prefix(bytes);
    return value;
}

}  // namespace greenroom::runtime
