// The header of one safetensors file: where its tensors lie. Knows nothing of sibling shards or of
// config.json.
// Format: huggingface/safetensors, README.md, "Format".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/model_files.hpp"
#include "io/read/byte_source.hpp"
#include "io/read/header_budget.hpp"
#include "io/result.hpp"

namespace greenroom::io {

struct SafetensorsHeader {
    std::uint64_t data_offset = 0;      // where tensor data starts
    std::vector<TensorInfo> tensors;    // as in the header; shapes reversed, FileRange::file 0
    std::vector<std::string> warnings;  // gaps, trailing bytes, data that looks unwritten
};

// Reads and checks the header, and that every tensor lies in the file and alone. Tensors may start
// at any byte: old writers aligned nothing. Errors start with the source's name. Memory that the
// result holds is charged to `budget`; what the reading takes besides stays below what is left.
Result<SafetensorsHeader> read_safetensors_header(const ByteSource& source, HeaderBudget& budget);

}  // namespace greenroom::io
