#include "io/safetensors/folder_contents.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "io/file.hpp"
#include "io/shard_name.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

// The names of some files with this extension, by name. Of a split model only the first shard.
std::vector<std::string> files_with(const fs::path& folder, std::string_view extension) {
    constexpr int kMostEntries = 10'000;
    constexpr std::size_t kMostNames = 20;
    std::vector<std::string> names;
    std::error_code failed;
    fs::directory_iterator entry(folder, failed);
    for (int i = 0; i < kMostEntries && !failed && entry != fs::directory_iterator(); ++i) {
        const fs::path name = entry->path().filename();
        const auto shard = parse_shard_name(name);
        if (name.extension() == extension && (!shard || shard->number == 1)) {
            names.push_back(printable_path(name));
        }
        entry.increment(failed);
    }
    std::ranges::sort(names);
    if (names.size() > kMostNames) {
        names.resize(kMostNames);
        names.emplace_back("…");
    }
    return names;
}

bool holds(const fs::path& folder, const char* name) {
    std::error_code ignored;
    return fs::exists(folder / name, ignored);
}

}  // namespace

std::string describe_folder(const fs::path& folder) {
    std::error_code failed;
    fs::directory_iterator(folder, failed);
    if (failed) return fmt::format("is a folder that cannot be read: {}", failed.message());
    if (const auto found = files_with(folder, ".gguf"); found.size() == 1) {
        return fmt::format("is a folder with a GGUF file; name the file: {}", found[0]);
    } else if (!found.empty()) {
        return fmt::format("is a folder with GGUF files; name one of them: {}",
                           fmt::join(found, ", "));
    }
    const bool has_config = holds(folder, "config.json");
    if (const auto found = files_with(folder, ".safetensors"); !found.empty()) {
        if (!has_config) {
            return fmt::format(
                "is a folder with {} but without config.json; download the whole "
                "model",
                fmt::join(found, ", "));
        }
        return fmt::format(
            "is a folder without model.safetensors or model.safetensors.index.json; "
            "it has {}: name that file, or download the whole model",
            fmt::join(found, ", "));
    }
    if (!files_with(folder, ".bin").empty() || !files_with(folder, ".pt").empty() ||
        !files_with(folder, ".pth").empty()) {
        return "is a folder with a PyTorch checkpoint; expected safetensors: convert it first";
    }
    if (has_config) return "is a folder with config.json but without safetensors files";
    return "is a folder without a model; expected a GGUF file, or a folder with config.json and "
           "safetensors files";
}

}  // namespace greenroom::io
