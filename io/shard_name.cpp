#include "io/shard_name.hpp"

#include <charconv>
#include <fmt/format.h>
#include <string_view>

#include "io/file.hpp"

namespace greenroom::io {
namespace {

std::optional<std::uint32_t> parse_digits(std::string_view text) {
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value);
    if (code != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace

std::optional<ShardName> parse_shard_name(const std::filesystem::path& path) {
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

std::string shard_file_name(const ShardName& name, std::uint32_t number) {
    return fmt::format("{}-{:05}-of-{:05}{}", name.stem, number, name.count, name.extension);
}

std::string list_missing(const std::filesystem::path& folder, std::span<const std::string> files) {
    constexpr std::size_t kLongestList = 200;
    std::string missing;
    for (const std::string& name : files) {
        std::error_code ignored;
        // A link that dangles is there: opening it says what is wrong.
        if (std::filesystem::exists(std::filesystem::symlink_status(folder / name, ignored))) {
            continue;
        }
        if (missing.size() >= kLongestList) return missing + ", …";
        missing += (missing.empty() ? "" : ", ") + printable(name);
    }
    return missing;
}

}  // namespace greenroom::io
