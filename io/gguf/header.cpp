#include "io/gguf/header.hpp"

#include <fmt/format.h>
#include <string_view>

#include "io/gguf/parts.hpp"
#include "io/read/foreign_file.hpp"

namespace greenroom::io {
namespace gguf {
namespace {

constexpr std::uint64_t kSmallestValue = 8 + 1 + 4 + 1;  // key length, key, type, u8
constexpr std::uint64_t kSmallestTensor =
    8 + 1 + 4 + 8 + 4 + 8;  // name, n_dims, ne[0], type, offset
// Key twice, value, hash node and bucket.
constexpr std::uint64_t kValueMemory = 2 * sizeof(std::string) + sizeof(MetadataValue) + 48;

Result<void> check_version(std::uint32_t version) {
    if ((version & 0xFFFF) == 0 && version != 0) {
        return Error{
            fmt::format("version {:#010x}: a big-endian GGUF file; expected little-endian "
                        "(convert the model again for this kind of machine)",
                        version)};
    }
    if (version == 1) {
        return Error{
            "version 1: a GGUF format of 2023 that is no longer in use; "
            "expected 2 or 3 (convert or download the model again)"};
    }
    if (version != 2 && version != 3) {
        return Error{fmt::format("version {}; expected 2 or 3", version)};
    }
    return {};
}

}  // namespace

Result<Counts> read_preamble(HeaderCursor& cursor, const ByteSource& source, GgufHeader& header) {
    std::array<char, 4> magic{};
    if (cursor.left() < magic.size() ||
        !cursor.read_bytes("magic", std::as_writable_bytes(std::span(magic))) ||
        std::string_view(magic.data(), magic.size()) != "GGUF") {
        return Error{fmt::format("{}; expected a GGUF file", describe_foreign_file(source))};
    }
    if (!cursor.read("version", header.version)) return cursor.error();
    if (auto known = check_version(header.version); !known) return known.error();
    Counts counts;
    if (!cursor.read_count("tensor_count", kSmallestTensor, kTensorMemory, counts.tensors) ||
        !cursor.read_count("metadata_kv_count", kSmallestValue, kValueMemory, counts.values)) {
        return cursor.error();
    }
    return counts;
}

namespace {

Result<GgufHeader> read_parts(const ByteSource& source, HeaderBudget& budget) {
    GgufHeader header;
    header.metadata = Metadata(source.name());
    HeaderCursor cursor(source, budget);
    const auto counts = read_preamble(cursor, source, header);
    if (!counts) return counts.error();
    if (auto ok = read_metadata(cursor, counts->values, header); !ok) return ok.error();
    if (auto ok = read_tensor_infos(cursor, counts->tensors, header); !ok) return ok.error();
    if (const TensorInfo* twice = find_repeated_name(header.tensors)) {
        return Error{fmt::format("tensor {} is there twice", printable(twice->name))};
    }
    if (auto ok = place_tensors(cursor.position(), source, header); !ok) return ok.error();
    if (auto ok = look_for_unwritten_data(source, header); !ok) return ok.error();
    return header;
}

}  // namespace
}  // namespace gguf

Result<GgufHeader> read_gguf_header(const ByteSource& source, HeaderBudget& budget) {
    auto header = gguf::read_parts(source, budget);
    if (header) return header;
    // Errors of the system name the file already.
    const std::string& message = header.error().message;
    if (message.starts_with(source.name() + ": ")) return header;
    return Error{fmt::format("{}: {}", source.name(), message)};
}

}  // namespace greenroom::io
