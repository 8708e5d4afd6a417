// Which shards belong together: the split.* metadata of models that come in several GGUF files.
// Opens nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "io/metadata.hpp"
#include "io/result.hpp"

namespace greenroom::io {

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
