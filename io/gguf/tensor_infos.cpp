#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

#include "io/checked_math.hpp"
#include "io/gguf/parts.hpp"

namespace greenroom::io::gguf {
namespace {

constexpr std::uint64_t kLongestName = 63;  // bytes; ggml keeps names in 64 with a final NUL
constexpr std::uint32_t kMostDimensions = 4;

std::string known_types() {
    std::string names;
    for (const ElementFormat& format : element_formats()) {
        if (!names.empty()) names += ' ';
        names += format.name;
    }
    return names;
}

// What is known of ids without a format of ours: ggml's history, and the ranges of forks.
std::string_view rumour_of(std::uint32_t type) {
    switch (type) {
        case 4:
        case 5:
            return "Q4_2 and Q4_3, removed in 2023";
        case 31:
        case 32:
        case 33:
            return "Q4_0_4_4, Q4_0_4_8 or Q4_0_8_8, removed: use the Q4_0 file";
        case 36:
        case 37:
        case 38:
            return "IQ4_NL_4_4 and its like, removed: use the IQ4_NL file";
        case 41:
            return "Q1_0, newer than this program";
        case 42:
            return "Q2_0, newer than this program";
        default:
            break;
    }
    if (type >= 96 && type < 512) return "private to ik_llama.cpp: use a file made for llama.cpp";
    return "unknown";
}

Error unknown_type(std::uint32_t type) {
    return {fmt::format("type {} ({}); expected one of {}", type, rumour_of(type), known_types())};
}

// The bytes of a tensor; also refuses shapes that no tensor has.
Result<std::uint64_t> byte_size(const std::vector<std::uint64_t>& shape,
                                const ElementFormat& format) {
    const auto shown = [&] { return fmt::format("shape [{}]", fmt::join(shape, ", ")); };
    constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
    std::optional<std::uint64_t> elements = 1;
    for (const std::uint64_t n : shape) {
        if (n == 0) return Error{shown() + " has a dimension of 0; expected at least 1"};
        if (n > kLargest) return Error{shown() + " has a negative dimension"};
        elements = elements ? checked_mul(*elements, n) : elements;
    }
    if (!elements || *elements > kLargest) {
        return Error{shown() + " has more than 2^63 elements"};
    }
    if (shape[0] % format.block_elements != 0) {
        return Error{fmt::format("{}: rows of {} elements; {} needs a multiple of {}",
                                 shown(),
                                 shape[0],
                                 format.name,
                                 format.block_elements)};
    }
    const auto bytes = checked_mul(*elements / format.block_elements, format.block_bytes);
    if (!bytes) return Error{shown() + " has more than 2^64 bytes"};
    return *bytes;
}

Result<void> read_shape(HeaderCursor& cursor, std::vector<std::uint64_t>& shape) {
    std::uint32_t dimensions = 0;
    if (!cursor.read("n_dims", dimensions)) return cursor.error();
    if (dimensions == 0 || dimensions > kMostDimensions) {
        return Error{fmt::format("n_dims is {}; expected 1 to {}", dimensions, kMostDimensions)};
    }
    shape.resize(dimensions);
    if (!cursor.read_bytes("shape", std::as_writable_bytes(std::span(shape)))) {
        return cursor.error();
    }
    return {};
}

Result<void> read_name(HeaderCursor& cursor, std::string& name) {
    if (!cursor.read_string("name", kLongestName, name)) return cursor.error();
    if (name.empty()) return Error{"name is empty"};
    if (name.find('\0') != std::string::npos) {
        return Error{fmt::format("name {} holds a NUL", printable(name))};
    }
    return {};
}

// The rest of a description whose name has been read.
Result<void> read_place(HeaderCursor& cursor, std::uint32_t alignment, TensorInfo& tensor) {
    if (auto ok = read_shape(cursor, tensor.shape); !ok) return ok.error();
    std::uint32_t type = 0;
    if (!cursor.read("type", type)) return cursor.error();
    const auto format = find_element_format(type);
    if (!format) return unknown_type(type);
    tensor.type = format->type;
    const auto bytes = byte_size(tensor.shape, *format);
    if (!bytes) return bytes.error();
    tensor.range.bytes = *bytes;
    if (!cursor.read("offset", tensor.range.offset)) return cursor.error();
    if (tensor.range.offset % alignment != 0) {
        return Error{fmt::format("offset {} is not a multiple of general.alignment, {}",
                                 tensor.range.offset,
                                 alignment)};
    }
    return {};
}

}  // namespace

Result<void> read_tensor_infos(HeaderCursor& cursor, std::uint64_t count, GgufHeader& header) {
    header.tensors.resize(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        TensorInfo& tensor = header.tensors[i];
        if (auto ok = read_name(cursor, tensor.name); !ok) {
            return Error{fmt::format("tensor {} of {}: {}", i + 1, count, ok.error().message)};
        }
        if (auto ok = read_place(cursor, header.alignment, tensor); !ok) {
            return Error{fmt::format("tensor {}: {}", printable(tensor.name), ok.error().message)};
        }
    }
    return {};
}

}  // namespace greenroom::io::gguf
