#include "io/safetensors/header.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>

#include "io/json.hpp"
#include "io/read/foreign_file.hpp"
#include "io/read/unwritten_tail.hpp"
#include "io/safetensors/tensor_entry.hpp"

namespace greenroom::io {
namespace safetensors {
namespace {

constexpr std::uint64_t kPreambleBytes = 8;  // the length of the header
// Published headers have less than 3 MiB: DeepSeek-V3's 91 991 tensors lie in 163 files.
constexpr std::uint64_t kLongestHeader = 16ull << 20;

Result<std::uint64_t> read_length(const ByteSource& source) {
    std::array<std::byte, kPreambleBytes + 1> start{};
    if (source.size() < start.size()) {
        return Error{fmt::format("{}; expected a safetensors file", describe_foreign_file(source))};
    }
    if (auto read = source.read_at(0, start); !read) return read.error();
    if (start.back() != std::byte{'{'}) {
        return Error{fmt::format("{}; expected a safetensors file, with {{ as its ninth byte",
                                 describe_foreign_file(source))};
    }
    std::uint64_t length = 0;
    std::memcpy(&length, start.data(), sizeof(length));
    if (length > source.size() - kPreambleBytes) {
        return Error{
            fmt::format("the header is {} bytes long, but the file has {}: it is cut off or "
                        "its download is not complete",
                        length,
                        source.size())};
    }
    if (length < 2 || length > kLongestHeader) {
        return Error{
            fmt::format("the header is {} bytes long; expected 2 to {}", length, kLongestHeader)};
    }
    return length;
}

Result<Json> read_json(const ByteSource& source, std::uint64_t length, std::uint64_t left_bytes) {
    if (length > left_bytes) {
        return Error{fmt::format("the header is {} bytes long; headers may take {} MiB of memory",
                                 length,
                                 kHeaderLimitBytes >> 20)};
    }
    std::string text(length, '\0');
    if (auto read = source.read_at(kPreambleBytes, std::as_writable_bytes(std::span(text)));
        !read) {
        return read.error();
    }
    constexpr int kDepth = 3;  // of a shape in a tensor in the header
    return parse_json(
        text, "header", {.bytes = length, .depth = kDepth, .memory_bytes = left_bytes - length});
}

Result<void> read_tensors(Json json, HeaderBudget& budget, SafetensorsHeader& header) {
    auto* members = json.get_ptr<Json::object_t*>();
    for (auto& [name, entry] : *members) {
        if (name == "__metadata__") continue;  // notes of the program that wrote the file
        if (name.empty()) return Error{"a tensor's name is empty"};
        if (!budget.take(1, kTensorMemory + string_heap_bytes(name.size()))) {
            return Error{fmt::format("tensor {}: headers may take {} MiB of memory",
                                     printable(name),
                                     kHeaderLimitBytes >> 20)};
        }
        TensorInfo tensor;
        if (auto ok = read_tensor_entry(entry, tensor); !ok) {
            return Error{fmt::format("tensor {}: {}", printable(name), ok.error().message)};
        }
        tensor.name = std::move(name);
        header.tensors.push_back(std::move(tensor));
    }
    return {};
}

// Moves the ranges to the data section and checks that they lie in the file and none overlap.
Result<void> place_tensors(const ByteSource& source, SafetensorsHeader& header) {
    std::vector<TensorInfo*> order;
    order.reserve(header.tensors.size());
    for (TensorInfo& tensor : header.tensors) order.push_back(&tensor);
    std::ranges::sort(order, {}, [](const TensorInfo* t) { return t->range.offset; });
    const std::uint64_t data_bytes = source.size() - header.data_offset;
    std::uint64_t end = 0;
    std::uint64_t gaps = 0;
    const TensorInfo* previous = nullptr;
    for (TensorInfo* tensor : order) {
        FileRange& range = tensor->range;
        if (range.offset < end) {
            return Error{fmt::format("tensors {} and {} overlap at byte {} of the data",
                                     printable(previous->name),
                                     printable(tensor->name),
                                     range.offset)};
        }
        gaps += range.offset - end;
        end = range.offset + range.bytes;  // below 2^64: it is the end that the header gives
        previous = tensor;
        range.offset += header.data_offset;
    }
    if (end > data_bytes) {
        return Error{
            fmt::format("tensor {} ends at byte {} of the data, but the file has {} of "
                        "them: it is cut off or its download is not complete",
                        printable(previous->name),
                        end,
                        data_bytes)};
    }
    if (gaps > 0 || end < data_bytes) {
        header.warnings.push_back(fmt::format("{}: {} bytes belong to no tensor and are not used",
                                              source.name(),
                                              gaps + data_bytes - end));
    }
    const auto unwritten =
        find_unwritten_tail(source, header.data_offset, header.data_offset + end);
    if (!unwritten) return unwritten.error();
    if (*unwritten) header.warnings.push_back(**unwritten);
    return {};
}

Result<SafetensorsHeader> read_parts(const ByteSource& source, HeaderBudget& budget) {
    const auto length = read_length(source);
    if (!length) return length.error();
    SafetensorsHeader header;
    header.data_offset = kPreambleBytes + *length;
    auto json = read_json(source, *length, budget.left_bytes());
    if (!json) return json.error();
    if (auto ok = read_tensors(std::move(*json), budget, header); !ok) return ok.error();
    if (auto ok = place_tensors(source, header); !ok) return ok.error();
    return header;
}

}  // namespace
}  // namespace safetensors

Result<SafetensorsHeader> read_safetensors_header(const ByteSource& source, HeaderBudget& budget) {
    auto header = safetensors::read_parts(source, budget);
    if (header) return header;
    // Errors of the system name the file already.
    const std::string& message = header.error().message;
    if (message.starts_with(source.name() + ": ")) return header;
    return Error{fmt::format("{}: {}", source.name(), message)};
}

}  // namespace greenroom::io
