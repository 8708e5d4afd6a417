// Names of the files of a model that comes in several: "name-00002-of-00003.gguf". Opens nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace greenroom::io {

// Names have five digits for the number; published models have fewer than 200 shards.
inline constexpr std::uint32_t kMostShards = 10'000;

// "name-00002-of-00003.gguf" taken apart.
struct ShardName {
    std::string stem;          // "name", without its folder
    std::uint32_t number = 0;  // from 1
    std::uint32_t count = 0;
    std::string extension;  // ".gguf"
};

// Empty when `path` is not named like a shard.
std::optional<ShardName> parse_shard_name(const std::filesystem::path& path);

// The file name of shard `number` (from 1) of the set that `name` belongs to.
std::string shard_file_name(const ShardName& name, std::uint32_t number);

// Those of `files` that `folder` lacks, as a list for a message; empty when it has them all.
std::string list_missing(const std::filesystem::path& folder, std::span<const std::string> files);

}  // namespace greenroom::io
