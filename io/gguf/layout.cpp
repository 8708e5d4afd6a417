#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "io/checked_math.hpp"
#include "io/gguf/parts.hpp"
#include "io/read/unwritten_tail.hpp"

namespace greenroom::io::gguf {
namespace {

// Every tensor's end lies in the file, or the message that says how much of the file is missing.
Result<void> check_ends(const ByteSource& source, GgufHeader& header) {
    std::uint64_t needed = 0;
    const TensorInfo* last = nullptr;
    for (TensorInfo& tensor : header.tensors) {
        const auto start = checked_add(header.data_offset, tensor.range.offset);
        const auto end = start ? checked_add(*start, tensor.range.bytes) : std::nullopt;
        if (!end) {
            return Error{fmt::format("tensor {}: offset {} and {} bytes pass 2^64",
                                     printable(tensor.name),
                                     tensor.range.offset,
                                     tensor.range.bytes)};
        }
        tensor.range.offset = *start;
        if (*end > needed) {
            needed = *end;
            last = &tensor;
        }
    }
    if (last == nullptr || needed <= source.size()) return {};
    return Error{
        fmt::format("tensor {} ends at byte {}, but the file has {}: it is cut off or its "
                    "download is not complete ({:.1f} % are there)",
                    printable(last->name),
                    needed,
                    source.size(),
                    100.0 * static_cast<double>(source.size()) / static_cast<double>(needed))};
}

struct Gaps {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};

// Tensors in the order of the file: none may begin before its predecessor's end.
Result<Gaps> check_neighbours(const GgufHeader& header) {
    std::vector<const TensorInfo*> order;
    order.reserve(header.tensors.size());
    for (const TensorInfo& tensor : header.tensors) order.push_back(&tensor);
    std::ranges::sort(order, {}, [](const TensorInfo* t) { return t->range.offset; });
    Gaps gaps;
    std::uint64_t end = header.data_offset;
    const TensorInfo* previous = nullptr;
    for (const TensorInfo* tensor : order) {
        const FileRange& range = tensor->range;
        if (range.offset < end) {
            return Error{fmt::format("tensors {} and {} overlap at byte {}",
                                     printable(previous->name),
                                     printable(tensor->name),
                                     range.offset)};
        }
        if (range.offset - end >= header.alignment) {
            ++gaps.count;
            gaps.bytes += range.offset - end;
        }
        end = range.offset + range.bytes;
        previous = tensor;
    }
    return gaps;
}

// Where the tensor data ends, or the header when there is none.
std::uint64_t data_end(const GgufHeader& header, std::uint64_t header_end) {
    std::uint64_t end = header_end;
    for (const TensorInfo& tensor : header.tensors) {
        end = std::max(end, tensor.range.offset + tensor.range.bytes);
    }
    return end;
}

bool starts_with_magic(const ByteSource& source, std::uint64_t offset) {
    std::array<char, 4> magic{};
    return offset < source.size() && source.size() - offset >= magic.size() &&
           source.read_at(offset, std::as_writable_bytes(std::span(magic))) &&
           std::string_view(magic.data(), magic.size()) == "GGUF";
}

Result<void> check_tail(std::uint64_t end, const ByteSource& source, GgufHeader& header) {
    const auto padded = checked_align_up(end, header.alignment);
    if (!padded || *padded >= source.size()) return {};
    if (starts_with_magic(source, end) || starts_with_magic(source, *padded)) {
        return Error{
            fmt::format("another GGUF file begins at byte {}: the shards of a split model "
                        "were joined with cat; keep them as separate files with their "
                        "names and give the first",
                        *padded)};
    }
    header.warnings.push_back(fmt::format("{}: {} bytes follow the last tensor and are not used",
                                          source.name(),
                                          source.size() - *padded));
    return {};
}

}  // namespace

Result<void> place_tensors(std::uint64_t header_end, const ByteSource& source, GgufHeader& header) {
    const auto start = checked_align_up(header_end, header.alignment);
    if (!start) return Error{fmt::format("general.alignment {} passes 2^64", header.alignment)};
    header.data_offset = *start;
    if (auto ok = check_ends(source, header); !ok) return ok.error();
    const auto gaps = check_neighbours(header);
    if (!gaps) return gaps.error();
    if (gaps->count > 0) {
        header.warnings.push_back(fmt::format("{}: {} gaps between tensors, {} bytes not used",
                                              source.name(),
                                              gaps->count,
                                              gaps->bytes));
    }
    return check_tail(data_end(header, header_end), source, header);
}

Result<void> look_for_unwritten_data(const ByteSource& source, GgufHeader& header) {
    const auto warning =
        find_unwritten_tail(source, header.data_offset, data_end(header, header.data_offset));
    if (!warning) return warning.error();
    if (*warning) header.warnings.push_back(**warning);
    return {};
}

}  // namespace greenroom::io::gguf
