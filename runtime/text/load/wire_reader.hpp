// Reads the protobuf wire format: numbered fields one after another, never past the end. Knows no
// message.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "io/result.hpp"

namespace greenroom::runtime {

struct WireField {
    std::uint32_t number = 0;
    std::uint64_t value = 0;  // of varints and of fixed-width fields, as the file has it
    std::string_view bytes;   // of fields with a length
    bool has_bytes = false;
};

class WireReader {
 public:
    // A view: `bytes` must outlive this.
    explicit WireReader(std::string_view bytes) : rest_(bytes) {}

    // Empty at the end of the message. An error says what is malformed.
    io::Result<std::optional<WireField>> next();

 private:
    std::optional<std::uint64_t> varint();
    std::optional<std::uint64_t> fixed(std::size_t bytes);

    std::string_view rest_;
};

}  // namespace greenroom::runtime
