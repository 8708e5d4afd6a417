// Writes safetensors files in memory, true ones and lies: the header is JSON text in pieces, each
// of which a test can replace. Checks nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace greenroom::tests::safetensors {

// A member of the header. Everything but the name is JSON text.
struct Tensor {
    std::string name = "a";
    std::string dtype = "\"F32\"";
    std::string shape = "[2,4]";
    std::string data_offsets = "[0,32]";
};
std::string describe(const Tensor& tensor);

struct File {
    std::vector<std::string> members = {};  // of describe(), or any
    std::string data = {};
    std::string padding = {};                        // after the header's closing brace
    std::optional<std::string> header = {};          // instead of one made of members
    std::optional<std::uint64_t> header_bytes = {};  // instead of the header's length

    std::string bytes() const;
};

// Three tensors of three types with 80 bytes of data, and notes.
File sample();

}  // namespace greenroom::tests::safetensors
