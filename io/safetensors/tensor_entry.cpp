#include "io/safetensors/tensor_entry.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>

#include "io/checked_math.hpp"

namespace greenroom::io::safetensors {
namespace {

constexpr std::size_t kMostDimensions = 8;

struct Dtype {
    std::string_view name;
    std::optional<ElementType> type;  // empty: the format knows it, we do not
};

constexpr std::array kDtypes = {
    Dtype{"F32", ElementType::f32},
    Dtype{"F16", ElementType::f16},
    Dtype{"BF16", ElementType::bf16},
    Dtype{"F64", ElementType::f64},
    Dtype{"I8", ElementType::i8},
    Dtype{"I16", ElementType::i16},
    Dtype{"I32", ElementType::i32},
    Dtype{"I64", ElementType::i64},
    Dtype{"BOOL", {}},
    Dtype{"U8", {}},
    Dtype{"U16", {}},
    Dtype{"U32", {}},
    Dtype{"U64", {}},
    Dtype{"C64", {}},
    Dtype{"F8_E4M3", {}},
    Dtype{"F8_E5M2", {}},
    Dtype{"F8_E8M0", {}},
    Dtype{"F6_E2M3", {}},
    Dtype{"F6_E3M2", {}},
    Dtype{"F4", {}},
};

std::string supported_dtypes() {
    std::string names;
    for (const Dtype& dtype : kDtypes) {
        if (!dtype.type) continue;
        if (!names.empty()) names += ' ';
        names += dtype.name;
    }
    return names;
}

// A value for a message: short, whatever the file holds.
std::string shown(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return fmt::format("an array of {}", value.size());
    return printable(value.dump(), 40);
}

Result<const Json*> member(const Json& entry, const char* name) {
    const auto found = entry.find(name);
    if (found == entry.end()) return Error{fmt::format("{} is missing", name)};
    return &*found;
}

Result<ElementType> read_dtype(const Json& entry) {
    const auto value = member(entry, "dtype");
    if (!value) return value.error();
    const auto* name = (*value)->get_ptr<const Json::string_t*>();
    if (name == nullptr) {
        return Error{fmt::format("dtype is {}; expected a string", shown(**value))};
    }
    const auto found = std::ranges::find(kDtypes, std::string_view(*name), &Dtype::name);
    if (found != kDtypes.end() && found->type) return *found->type;
    return Error{fmt::format("dtype is {} ({}); expected one of {}",
                             printable(*name, 40),
                             found != kDtypes.end() ? "not supported" : "unknown",
                             supported_dtypes())};
}

// An array of at most `most` integers of at least 0.
Result<std::vector<std::uint64_t>> read_numbers(const Json& entry,
                                                const char* name,
                                                std::size_t most) {
    const auto value = member(entry, name);
    if (!value) return value.error();
    if (!(*value)->is_array() || (*value)->size() > most) {
        return Error{fmt::format(
            "{} is {}; expected an array of at most {} integers", name, shown(**value), most)};
    }
    std::vector<std::uint64_t> numbers;
    for (const Json& element : **value) {
        const auto* number = element.get_ptr<const Json::number_unsigned_t*>();
        if (number == nullptr) {
            return Error{
                fmt::format("{} holds {}; expected integers of at least 0", name, shown(element))};
        }
        numbers.push_back(*number);
    }
    return numbers;
}

Result<std::uint64_t> byte_size(const std::vector<std::uint64_t>& shape, ElementType type) {
    constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
    std::optional<std::uint64_t> bytes = element_format(type).block_bytes;
    for (const std::uint64_t n : shape) {
        if (n == 0) {
            return Error{fmt::format("shape [{}] has a dimension of 0; expected at least 1",
                                     fmt::join(shape, ", "))};
        }
        bytes = bytes ? checked_mul(*bytes, n) : bytes;
    }
    if (!bytes || *bytes > kLargest) {
        return Error{fmt::format("shape [{}] has more than 2^63 bytes", fmt::join(shape, ", "))};
    }
    return *bytes;
}

}  // namespace

Result<void> read_tensor_entry(const Json& entry, TensorInfo& tensor) {
    if (!entry.is_object()) return Error{fmt::format("is {}; expected an object", shown(entry))};
    const auto type = read_dtype(entry);
    if (!type) return type.error();
    auto shape = read_numbers(entry, "shape", kMostDimensions);
    if (!shape) return shape.error();
    const auto bytes = byte_size(*shape, *type);
    if (!bytes) return bytes.error();
    const auto offsets = read_numbers(entry, "data_offsets", 2);
    if (!offsets) return offsets.error();
    if (offsets->size() != 2 || (*offsets)[1] < (*offsets)[0]) {
        return Error{fmt::format("data_offsets is [{}]; expected a begin and an end after it",
                                 fmt::join(*offsets, ", "))};
    }
    if ((*offsets)[1] - (*offsets)[0] != *bytes) {
        return Error{fmt::format("data_offsets [{}] hold {} bytes; {} of shape [{}] needs {}",
                                 fmt::join(*offsets, ", "),
                                 (*offsets)[1] - (*offsets)[0],
                                 element_format(*type).name,
                                 fmt::join(*shape, ", "),
                                 *bytes)};
    }
    std::ranges::reverse(*shape);
    if (shape->empty()) shape->push_back(1);
    tensor.shape = std::move(*shape);
    tensor.type = *type;
    tensor.range = {.file = 0, .offset = (*offsets)[0], .bytes = *bytes};
    return {};
}

}  // namespace greenroom::io::safetensors
