#include <set>
#include <string_view>

#include "io/gguf/header.hpp"
#include "io/gguf/split.hpp"
#include "tests/fuzz/target.hpp"

using namespace greenroom;

// Any bytes are a header whose tensors lie in the file, each with another name, or an error.
void fuzz_gguf(std::span<const std::byte> bytes) {
    io::HeaderBudget budget;
    const auto header = io::read_gguf_header(io::MemorySource("input", bytes), budget);
    if (!header) return fuzz::check_message(header.error().message);
    std::set<std::string_view> names;
    for (const io::TensorInfo& tensor : header->tensors) {
        const io::FileRange& range = tensor.range;
        fuzz::check(range.offset >= header->data_offset && range.offset <= bytes.size() &&
                        range.bytes <= bytes.size() - range.offset,
                    "a tensor lies in the file");
        fuzz::check(!tensor.name.empty() && names.insert(tensor.name).second, "names differ");
    }
    for (const std::string& warning : header->warnings) fuzz::check_message(warning);
    if (const auto split = io::read_split_info(header->metadata); !split) {
        fuzz::check_message(split.error().message);
    }
}
