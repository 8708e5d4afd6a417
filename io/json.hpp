// Strict JSON from untrusted files: bounded size and depth, no duplicate keys, errors as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "io/result.hpp"

namespace greenroom::io {

using Json = nlohmann::ordered_json;  // key order is kept: chat templates print it

struct JsonLimits {
    std::uint64_t bytes = 64ull << 20;  // of text
    int depth = 128;
    std::uint64_t memory_bytes = 1ull << 30;  // of the tree, at most: it is counted generously
};

// `name` is what error messages call the text (usually the file's path).
Result<Json> parse_json(std::string_view text, std::string_view name, JsonLimits limits = {});
Result<Json> read_json_file(const std::filesystem::path& path, JsonLimits limits = {});

}  // namespace greenroom::io
