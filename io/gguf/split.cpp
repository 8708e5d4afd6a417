#include "io/gguf/split.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

#include "io/file.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t kMostShards =
    10'000;  // names have five digits; published models have < 200

std::optional<std::uint32_t> parse_digits(std::string_view text) {
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value);
    if (code != std::errc() || stop != end) return std::nullopt;
    return value;
}

std::string tail(const ShardName& name, std::uint32_t number) {
    return fmt::format("-{:05}-of-{:05}{}", number, name.count, name.extension);
}

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
                    printable(tail(wanted, wanted.number)))};
}

}  // namespace

std::optional<ShardName> parse_shard_name(const fs::path& path) {
    // "-00002-of-00003" before the extension
    constexpr std::size_t kTailLength = 15;
    constexpr std::size_t kDigits = 5;
    const std::string stem = path.stem().string();
    if (stem.size() <= kTailLength) return std::nullopt;
    const std::string_view end = std::string_view(stem).substr(stem.size() - kTailLength);
    const auto number = parse_digits(end.substr(1, kDigits));
    const auto count = parse_digits(end.substr(kTailLength - kDigits));
    if (end[0] != '-' || end.substr(6, 4) != "-of-" || !number || !count) return std::nullopt;
    if (*number == 0 || *number > *count) return std::nullopt;
    return ShardName{
        stem.substr(0, stem.size() - kTailLength), *number, *count, path.extension().string()};
}

fs::path shard_path(const fs::path& folder, const ShardName& name, std::uint32_t number) {
    return folder / (name.stem + tail(name, number));
}

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
    std::vector<fs::path> shards;
    std::string missing;
    for (std::uint32_t number = 1; number <= split.count; ++number) {
        shards.push_back(shard_path(path.parent_path(), *name, number));
        std::error_code ignored;
        if (fs::exists(fs::symlink_status(shards.back(), ignored))) continue;
        if (missing.size() < 200) {
            missing += (missing.empty() ? "" : ", ") + printable_path(shards.back().filename());
        } else if (!missing.ends_with("…")) {
            missing += ", …";
        }
    }
    if (!missing.empty()) {
        return Error{fmt::format("{}: is shard {} of {}; its folder lacks {}",
                                 printable_path(path),
                                 split.index + 1,
                                 split.count,
                                 missing)};
    }
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
