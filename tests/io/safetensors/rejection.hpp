// Reads a safetensors header from memory and expects it to be refused.
#pragma once

#include <string>
#include <string_view>

#include "io/safetensors/header.hpp"
#include "tests/io/hostile.hpp"
#include "tests/support/safetensors_bytes.hpp"

namespace greenroom::tests::safetensors {

// The message, or "accepted".
inline std::string rejection(std::string_view bytes) {
    const auto source = memory_file(bytes);
    return rejection_by([&] {
        io::HeaderBudget budget;
        return io::read_safetensors_header(source, budget);
    });
}

// Of a file with this one tensor and 32 bytes of data.
inline std::string tensor_rejection(const Tensor& tensor) {
    return rejection(File{.members = {describe(tensor)}, .data = std::string(32, 'x')}.bytes());
}

// Of a file with this header.
inline std::string header_rejection(std::string header) {
    return rejection(File{.header = std::move(header)}.bytes());
}

}  // namespace greenroom::tests::safetensors
