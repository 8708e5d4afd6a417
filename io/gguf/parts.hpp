// The steps of reading one GGUF header, in the order in which gguf/header.cpp takes them. Private
// to this room. Errors lack the file's name, which the caller adds.
#pragma once

#include "io/gguf/header.hpp"
#include "io/read/header_cursor.hpp"

namespace greenroom::io::gguf {

struct Counts {
    std::uint64_t tensors = 0;
    std::uint64_t values = 0;
};

// Magic, version and the two counts.
Result<Counts> read_preamble(HeaderCursor& cursor, const ByteSource& source, GgufHeader& header);

// `count` key-value pairs, and general.alignment out of them.
Result<void> read_metadata(HeaderCursor& cursor, std::uint64_t count, GgufHeader& header);

// `count` tensor descriptions. Range offsets still count from the start of the data section.
Result<void> read_tensor_infos(HeaderCursor& cursor, std::uint64_t count, GgufHeader& header);

// Finds the data section and moves every range to it; checks that all lie in the file and none
// overlap. Adds warnings about gaps and trailing bytes.
Result<void> place_tensors(std::uint64_t header_end, const ByteSource& source, GgufHeader& header);

// Samples the tensor data and warns when its end was never written (an interrupted download into a
// preallocated file).
Result<void> look_for_unwritten_data(const ByteSource& source, GgufHeader& header);

}  // namespace greenroom::io::gguf
