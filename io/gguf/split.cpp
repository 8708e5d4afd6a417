#include "io/gguf/split.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "io/file.hpp"
#include "io/shard_name.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

Result<std::optional<std::uint64_t>> split_key(const Metadata& metadata,
                                               std::string_view key,
                                               std::uint64_t largest) {
    const auto value = metadata.unsigned_integer(key);
    if (!value) return value.error();
    if (value->has_value() && **value > largest) {
        return Error{fmt::format(
            "{}: {} is {}; expected at most {}", metadata.file_name(), key, **value, largest)};
    }
    return *value;
}

// A file that was given another name, or the name of another shard.
Result<ShardName> check_name(const fs::path& path, const SplitInfo& split) {
    const auto name = parse_shard_name(path);
    const ShardName wanted{"", split.index + 1, split.count, path.extension().string()};
    if (name && name->count == split.count && name->number == split.index + 1) return *name;
    return Error{
        fmt::format("{}: is shard {} of {} by its split.no and split.count, so its name "
                    "should end in {}; rename it, or download the set again",
                    printable_path(path),
                    split.index + 1,
                    split.count,
                    printable(shard_file_name(wanted, wanted.number)))};
}

}  // namespace

Result<SplitInfo> read_split_info(const Metadata& metadata) {
    const auto count = split_key(metadata, "split.count", kMostShards);
    if (!count) return count.error();
    const auto index = split_key(metadata, "split.no", kMostShards);
    if (!index) return index.error();
    const auto tensors = metadata.unsigned_integer("split.tensors.count");
    if (!tensors) return tensors.error();
    SplitInfo split;
    split.count = static_cast<std::uint32_t>(std::max<std::uint64_t>(count->value_or(1), 1));
    split.index = static_cast<std::uint32_t>(index->value_or(0));
    split.tensors = *tensors;
    if (split.index >= split.count) {
        return Error{fmt::format("{}: split.no is {}; expected less than split.count, {}",
                                 metadata.file_name(),
                                 split.index,
                                 split.count)};
    }
    return split;
}

Result<std::vector<fs::path>> find_shards(const fs::path& path, const SplitInfo& split) {
    const auto name = check_name(path, split);
    if (!name) return name.error();
    std::vector<std::string> files;
    for (std::uint32_t number = 1; number <= split.count; ++number) {
        files.push_back(shard_file_name(*name, number));
    }
    const fs::path folder = path.parent_path();
    if (const std::string missing = list_missing(folder, files); !missing.empty()) {
        return Error{fmt::format("{}: is shard {} of {}; its folder lacks {}",
                                 printable_path(path),
                                 split.index + 1,
                                 split.count,
                                 missing)};
    }
    std::vector<fs::path> shards;
    for (const std::string& file : files) shards.push_back(folder / file);
    return shards;
}

Result<void> check_shard(const Metadata& first, const Metadata& shard, std::uint32_t index) {
    const auto wanted = read_split_info(first);
    if (!wanted) return wanted.error();
    const auto found = read_split_info(shard);
    if (!found) return found.error();
    const std::string& file = shard.file_name();
    if (found->count != wanted->count || found->index != index) {
        return Error{
            fmt::format("{}: is shard {} of {} by its split.no and split.count; expected "
                        "shard {} of {} (renamed, or of another model?)",
                        file,
                        found->index + 1,
                        found->count,
                        index + 1,
                        wanted->count)};
    }
    if (found->tensors != wanted->tensors) {
        const auto shown = [](const auto& n) { return n ? fmt::to_string(*n) : "absent"; };
        return Error{
            fmt::format("{}: split.tensors.count is {}, in the first shard it is {}: a "
                        "shard of another model",
                        file,
                        shown(found->tensors),
                        shown(wanted->tensors))};
    }
    for (const std::string_view key : {"general.architecture", "general.name", "general.uuid"}) {
        const MetadataValue* here = shard.find(key);
        const MetadataValue* there = first.find(key);
        if (here != nullptr && there != nullptr && *here != *there) {
            return Error{
                fmt::format("{}: {} differs from the first shard's: a shard of another "
                            "model",
                            file,
                            key)};
        }
    }
    return {};
}

}  // namespace greenroom::io
