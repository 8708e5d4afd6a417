#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "io/safetensors/header.hpp"
#include "io/safetensors/shard_index.hpp"
#include "tests/fuzz/target.hpp"

using namespace greenroom;

namespace {

void check_tensors(const io::SafetensorsHeader& header, std::uint64_t file_bytes) {
    std::set<std::string_view> names;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const io::TensorInfo& tensor : header.tensors) {
        const io::FileRange& range = tensor.range;
        fuzz::check(range.offset >= header.data_offset && range.offset <= file_bytes &&
                        range.bytes <= file_bytes - range.offset,
                    "a tensor lies in the file");
        fuzz::check(!tensor.name.empty() && names.insert(tensor.name).second, "names differ");
        std::uint64_t bytes = io::element_format(tensor.type).block_bytes;
        for (const std::uint64_t n : tensor.shape) bytes *= n;
        fuzz::check(!tensor.shape.empty() && bytes == range.bytes, "the shape fits the bytes");
        ranges.emplace_back(range.offset, range.offset + range.bytes);
    }
    std::ranges::sort(ranges);
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        fuzz::check(ranges[i - 1].second <= ranges[i].first, "tensors do not overlap");
    }
}

}  // namespace

// Any bytes are a header whose tensors lie in the file, apart and named, or an error; and an index
// that stays in its folder, or an error.
void fuzz_safetensors(std::span<const std::byte> bytes) {
    io::HeaderBudget budget;
    const auto header = io::read_safetensors_header(io::MemorySource("input", bytes), budget);
    if (header) {
        check_tensors(*header, bytes.size());
        for (const std::string& warning : header->warnings) fuzz::check_message(warning);
    } else {
        fuzz::check_message(header.error().message);
    }
    const auto index = io::parse_shard_index(fuzz::text_of(bytes), "input", budget);
    if (!index) return fuzz::check_message(index.error().message);
    for (const std::string& file : index->files) {
        fuzz::check(file.find('/') == std::string::npos && file != "..", "files are plain names");
    }
}
