#include "io/safetensors/open.hpp"

#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "io/safetensors/folder_contents.hpp"
#include "io/safetensors/header.hpp"
#include "io/safetensors/shard_index.hpp"
#include "io/shard_name.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

constexpr const char* kOneFile = "model.safetensors";
constexpr const char* kIndexFile = "model.safetensors.index.json";

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// True for dangling links too: opening them says what is wrong.
bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

Result<void> append(ModelFiles& model, File file, HeaderBudget& budget) {
    auto header = read_safetensors_header(FileSource(file), budget);
    if (!header) return header.error();
    const auto index = static_cast<std::uint32_t>(model.files.size());
    for (TensorInfo& tensor : header->tensors) tensor.range.file = index;
    std::ranges::move(header->tensors, std::back_inserter(model.tensors));
    std::ranges::move(header->warnings, std::back_inserter(model.warnings));
    model.files.push_back(std::move(file));
    return {};
}

Result<ModelFiles> open_one_file(File file, fs::path root) {
    ModelFiles model;
    model.kind = ModelFiles::Kind::safetensors;
    model.root = std::move(root);
    HeaderBudget budget;
    if (auto ok = append(model, std::move(file), budget); !ok) return ok.error();
    model.build_index();
    return model;
}

// Every tensor lies where the index says, and only there.
Result<void> check_index(const fs::path& index_path, const ShardIndex& index, ModelFiles& model) {
    std::size_t unnamed = 0;
    std::size_t found = 0;
    for (const TensorInfo& tensor : model.tensors) {
        const auto named = index.file_of.find(tensor.name);
        if (named == index.file_of.end()) {
            ++unnamed;
        } else if (named->second != tensor.range.file) {
            return Error{fmt::format("{}: says that {} lies in {}, but it lies in {}",
                                     printable_path(index_path),
                                     printable(tensor.name),
                                     printable(index.files[named->second]),
                                     printable(index.files[tensor.range.file]))};
        } else {
            ++found;
        }
    }
    if (found < index.file_of.size()) {
        for (const auto& [tensor, file] : index.file_of) {
            if (model.find(tensor) != nullptr) continue;
            return Error{
                fmt::format("{}: says that {} lies in {}, which lacks it (of another model?)",
                            printable_path(index_path),
                            printable(tensor),
                            printable(index.files[file]))};
        }
    }
    if (unnamed > 0) {
        model.warnings.push_back(fmt::format(
            "{}: does not name {} tensors of its files", printable_path(index_path), unnamed));
    }
    return {};
}

Result<ModelFiles> open_sharded(const fs::path& folder, const fs::path& index_path) {
    const auto text = read_text_file(index_path, kLongestIndex);
    if (!text) return text.error();
    HeaderBudget budget;
    const auto index = parse_shard_index(*text, printable_path(index_path), budget);
    if (!index) return index.error();
    if (const std::string missing = list_missing(folder, index->files); !missing.empty()) {
        return Error{fmt::format(
            "{}: names files that its folder lacks: {}", printable_path(index_path), missing)};
    }
    ModelFiles model;
    model.kind = ModelFiles::Kind::safetensors;
    model.root = folder;
    for (const std::string& name : index->files) {
        auto file = File::open(folder / name);
        if (!file) return file.error();
        if (auto ok = append(model, std::move(*file), budget); !ok) return ok.error();
    }
    model.build_index();
    if (const TensorInfo* twice = find_repeated_name(model.tensors)) {
        return Error{fmt::format("{}: tensor {} is also in an earlier shard",
                                 printable_path(model.files[twice->range.file].path()),
                                 printable(twice->name))};
    }
    if (auto ok = check_index(index_path, *index, model); !ok) return ok.error();
    return model;
}

}  // namespace

Result<ModelFiles> open_safetensors_file(File named) {
    const fs::path path = named.path();
    const fs::path folder = folder_of(path);
    const auto shard = parse_shard_name(path);
    if (shard && shard->count > 1) {
        const fs::path index_path = folder / (shard->stem + shard->extension + ".index.json");
        if (!is_there(index_path)) {
            return Error{fmt::format("{}: is shard {} of {}; its folder lacks {}",
                                     printable_path(path),
                                     shard->number,
                                     shard->count,
                                     printable_path(index_path.filename()))};
        }
        return open_sharded(folder, index_path);
    }
    return open_one_file(std::move(named), path);
}

Result<ModelFiles> open_model_folder(const fs::path& folder) {
    if (is_there(folder / "config.json")) {
        if (is_there(folder / kOneFile)) {
            auto file = File::open(folder / kOneFile);
            if (!file) return file.error();
            return open_one_file(std::move(*file), folder);
        }
        if (is_there(folder / kIndexFile)) return open_sharded(folder, folder / kIndexFile);
    }
    return Error{fmt::format("{}: {}", printable_path(folder), describe_folder(folder))};
}

}  // namespace greenroom::io
