#include <bit>
#include <fmt/format.h>
#include <limits>

#include "io/gguf/parts.hpp"
#include "io/gguf/value_type.hpp"
#include "io/utf8.hpp"

namespace greenroom::io::gguf {
namespace {

constexpr std::uint64_t kLongestKey = 65535;  // bytes, from the specification
constexpr std::uint64_t kAnyLength = std::numeric_limits<std::uint64_t>::max();

template <class Raw, class Kept>
Result<MetadataValue> read_scalar(HeaderCursor& cursor) {
    Raw raw{};
    if (!cursor.read("value", raw)) return cursor.error();
    return MetadataValue(static_cast<Kept>(raw));
}

Result<bool> read_flag(HeaderCursor& cursor) {
    std::uint8_t raw = 0;
    if (!cursor.read("value", raw)) return cursor.error();
    if (raw > 1) return Error{fmt::format("boolean value is {}; expected 0 or 1", raw)};
    return raw == 1;
}

// Elements of type Raw in the file, kept as Kept.
template <class Raw, class Kept>
Result<MetadataValue> read_numbers(HeaderCursor& cursor) {
    std::uint64_t count = 0;
    if (!cursor.read_count("array length", sizeof(Raw), sizeof(Kept), count)) return cursor.error();
    std::vector<Kept> values(count);
    if constexpr (std::is_same_v<Raw, Kept>) {
        if (!cursor.read_bytes("array", std::as_writable_bytes(std::span(values)))) {
            return cursor.error();
        }
    } else {
        for (Kept& value : values) {
            Raw raw{};
            if (!cursor.read("array", raw)) return cursor.error();
            value = raw;
        }
    }
    return MetadataValue(std::move(values));
}

Result<MetadataValue> read_flags(HeaderCursor& cursor) {
    std::uint64_t count = 0;
    if (!cursor.read_count("array length", 1, 1, count)) return cursor.error();
    std::vector<std::uint8_t> values(count);
    for (std::uint8_t& value : values) {
        const auto flag = read_flag(cursor);
        if (!flag) return flag.error();
        value = *flag ? 1 : 0;
    }
    return MetadataValue(std::move(values));
}

Result<MetadataValue> read_strings(HeaderCursor& cursor) {
    std::uint64_t count = 0;
    constexpr std::uint64_t kSmallestString = 8;
    if (!cursor.read_count("array length", kSmallestString, sizeof(std::string), count)) {
        return cursor.error();
    }
    std::vector<std::string> values(count);
    for (std::string& value : values) {
        if (!cursor.read_string("string in array", kAnyLength, value)) return cursor.error();
    }
    return MetadataValue(std::move(values));
}

Result<MetadataValue> read_array(HeaderCursor& cursor) {
    std::uint32_t type = 0;
    if (!cursor.read("array type", type)) return cursor.error();
    switch (type) {
        case kU8:
            return read_numbers<std::uint8_t, std::uint8_t>(cursor);
        case kI8:
            return read_numbers<std::int8_t, std::int32_t>(cursor);
        case kU16:
            return read_numbers<std::uint16_t, std::int32_t>(cursor);
        case kI16:
            return read_numbers<std::int16_t, std::int32_t>(cursor);
        case kU32:
            return read_numbers<std::uint32_t, std::uint64_t>(cursor);
        case kI32:
            return read_numbers<std::int32_t, std::int32_t>(cursor);
        case kF32:
            return read_numbers<float, float>(cursor);
        case kBool:
            return read_flags(cursor);
        case kString:
            return read_strings(cursor);
        case kArray:
            return Error{"is an array of arrays; expected numbers or strings"};
        case kU64:
            return read_numbers<std::uint64_t, std::uint64_t>(cursor);
        case kI64:
            return read_numbers<std::int64_t, std::int64_t>(cursor);
        case kF64:
            return read_numbers<double, double>(cursor);
        default:
            return Error{fmt::format("array type is {}; expected 0 to 12", type)};
    }
}

Result<MetadataValue> read_value(HeaderCursor& cursor) {
    std::uint32_t type = 0;
    if (!cursor.read("value type", type)) return cursor.error();
    switch (type) {
        case kU8:
            return read_scalar<std::uint8_t, std::uint64_t>(cursor);
        case kI8:
            return read_scalar<std::int8_t, std::int64_t>(cursor);
        case kU16:
            return read_scalar<std::uint16_t, std::uint64_t>(cursor);
        case kI16:
            return read_scalar<std::int16_t, std::int64_t>(cursor);
        case kU32:
            return read_scalar<std::uint32_t, std::uint64_t>(cursor);
        case kI32:
            return read_scalar<std::int32_t, std::int64_t>(cursor);
        case kF32:
            return read_scalar<float, double>(cursor);
        case kBool: {
            const auto flag = read_flag(cursor);
            return flag ? Result<MetadataValue>(*flag) : flag.error();
        }
        case kString: {
            std::string text;
            if (!cursor.read_string("string", kAnyLength, text)) return cursor.error();
            return MetadataValue(std::move(text));
        }
        case kArray:
            return read_array(cursor);
        case kU64:
            return read_scalar<std::uint64_t, std::uint64_t>(cursor);
        case kI64:
            return read_scalar<std::int64_t, std::int64_t>(cursor);
        case kF64:
            return read_scalar<double, double>(cursor);
        default:
            return Error{fmt::format("value type is {}; expected 0 to 12", type)};
    }
}

// The key is kept twice, in the map and in the order of the file; one copy is charged by the read.
Result<std::string> read_key(HeaderCursor& cursor) {
    std::string key;
    if (!cursor.read_string("key", kLongestKey, key)) return cursor.error();
    if (key.empty()) return Error{"key is empty"};
    if (key.find('\0') != std::string::npos || !is_utf8(key)) {
        return Error{fmt::format("key {} holds a NUL or is not UTF-8", printable(key))};
    }
    if (!cursor.budget().take(1, string_heap_bytes(key.size()))) {
        return Error{fmt::format(
            "key {}: headers may take {} MiB of memory", printable(key), kHeaderLimitBytes >> 20)};
    }
    return key;
}

Result<void> read_alignment(GgufHeader& header) {
    constexpr std::uint64_t kLargest = 1u << 26;  // bytes; published files have 32
    const auto alignment = header.metadata.unsigned_integer("general.alignment");
    if (!alignment) return alignment.error();
    if (!alignment->has_value()) return {};
    const std::uint64_t bytes = **alignment;
    if (bytes < 8 || bytes > kLargest || !std::has_single_bit(bytes)) {
        return Error{fmt::format(
            "general.alignment is {}; expected a power of two from 8 to {}", bytes, kLargest)};
    }
    header.alignment = static_cast<std::uint32_t>(bytes);
    return {};
}

}  // namespace

Result<void> read_metadata(HeaderCursor& cursor, std::uint64_t count, GgufHeader& header) {
    for (std::uint64_t i = 0; i < count; ++i) {
        auto key = read_key(cursor);
        if (!key)
            return Error{fmt::format("metadata {} of {}: {}", i + 1, count, key.error().message)};
        auto value = read_value(cursor);
        if (!value) return Error{fmt::format("{}: {}", printable(*key), value.error().message)};
        if (header.metadata.find(*key) != nullptr) {
            return Error{fmt::format("key {} is there twice", printable(*key))};
        }
        header.metadata.insert(std::move(*key), std::move(*value));
    }
    return read_alignment(header);
}

}  // namespace greenroom::io::gguf
