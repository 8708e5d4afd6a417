// Reads a GGUF header from memory and expects it to be refused.
#pragma once

#include <string>
#include <string_view>

#include "io/gguf/header.hpp"
#include "tests/io/hostile.hpp"
#include "tests/support/gguf_bytes.hpp"

namespace greenroom::tests::gguf {

using GgufFile = File;  // beside io::File

// The message, or "accepted".
inline std::string rejection(std::string_view bytes) {
    const auto source = memory_file(bytes);
    return rejection_by([&] {
        io::HeaderBudget budget;
        return io::read_gguf_header(source, budget);
    });
}

inline std::string rejection(const GgufFile& file) {
    return rejection(file.bytes());
}

// Of a file with this one metadata entry.
inline std::string metadata_rejection(std::string entry) {
    return rejection(GgufFile{.metadata = {std::move(entry)}});
}

// Of a file with this one tensor and as much data.
inline std::string tensor_rejection(const Tensor& tensor, std::size_t data_bytes = 32) {
    return rejection(GgufFile{.tensors = {describe(tensor)}, .data = std::string(data_bytes, 'x')});
}

}  // namespace greenroom::tests::gguf
