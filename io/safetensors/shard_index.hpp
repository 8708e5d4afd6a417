// model.safetensors.index.json: which tensor lies in which file of a folder. Opens nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/read/header_budget.hpp"
#include "io/result.hpp"

namespace greenroom::io {

inline constexpr std::uint64_t kLongestIndex = 16ull << 20;  // bytes; DeepSeek-V3's has 8.9 MB

struct ShardIndex {
    std::vector<std::string> files;                          // plain names, by name, each once
    std::unordered_map<std::string, std::uint32_t> file_of;  // tensor name to index into files
};

// `name` is what errors call the text. Names of files with a folder in them are refused, so that an
// index cannot leave its folder. Memory is charged to `budget`.
Result<ShardIndex> parse_shard_index(std::string_view text,
                                     std::string_view name,
                                     HeaderBudget& budget);

}  // namespace greenroom::io
