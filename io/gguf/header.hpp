// The header of one GGUF file: metadata, and where its tensors lie. Knows nothing of sibling shards
// or of what the metadata means.
// Format: ggml-org/ggml, docs/gguf.md, versions 2 and 3, little-endian.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/metadata.hpp"
#include "io/model_files.hpp"
#include "io/read/byte_source.hpp"
#include "io/read/header_budget.hpp"
#include "io/result.hpp"

namespace greenroom::io {

struct GgufHeader {
    std::uint32_t version = 0;
    Metadata metadata;
    std::uint32_t alignment = 32;       // bytes
    std::uint64_t data_offset = 0;      // where tensor data starts
    std::vector<TensorInfo> tensors;    // ranges from the start of the file, FileRange::file 0
    std::vector<std::string> warnings;  // gaps, trailing bytes, data that looks unwritten
};

// Reads and checks everything before the tensor data, and that every tensor lies in the file and
// alone. Errors start with the source's name. Memory is charged to `budget`.
Result<GgufHeader> read_gguf_header(const ByteSource& source, HeaderBudget& budget);

}  // namespace greenroom::io
