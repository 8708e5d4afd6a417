// Which shards belong together: names and split.* metadata of models that come in several GGUF
// files. Opens nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/metadata.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// "name-00002-of-00003.gguf" taken apart.
struct ShardName {
    std::string stem;          // "name", without its folder
    std::uint32_t number = 0;  // from 1
    std::uint32_t count = 0;
    std::string extension;  // ".gguf"
};

// Empty when `path` is not named like a shard.
std::optional<ShardName> parse_shard_name(const std::filesystem::path& path);

// The path of shard `number` (from 1) of the set that `name` belongs to, in `folder`.
std::filesystem::path shard_path(const std::filesystem::path& folder,
                                 const ShardName& name,
                                 std::uint32_t number);

// The split.* keys of one file.
struct SplitInfo {
    std::uint32_t index = 0;               // split.no, from 0
    std::uint32_t count = 1;               // split.count
    std::optional<std::uint64_t> tensors;  // split.tensors.count, of all shards together
};

// A file without split.* keys is shard 0 of 1. Errors name file and key.
Result<SplitInfo> read_split_info(const Metadata& metadata);

// The paths of all shards, first to last, of the set that the file at `path` says it belongs to; an
// error when its name does not fit what it says, or files are missing.
Result<std::vector<std::filesystem::path>> find_shards(const std::filesystem::path& path,
                                                       const SplitInfo& split);

// That `shard`, the metadata of shard `index`, belongs to the set that `first` begins.
Result<void> check_shard(const Metadata& first, const Metadata& shard, std::uint32_t index);

}  // namespace greenroom::io
