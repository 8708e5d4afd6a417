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

// Every tensor lies where the index says.
Result<void> check_index(const ShardIndex& index, std::string_view index_name, ModelFiles& model) {
    for (const auto& [name, file] : index.file_of) {
        const TensorInfo* tensor = model.find(name);
        if (tensor != nullptr && tensor->range.file == file) continue;
        return Error{fmt::format(
            "{}: says that {} lies in {}, but {}",
            index_name,
            printable(name),
            printable(index.files[file]),
            tensor == nullptr
                ? "it lies in no file (of another model?)"
                : fmt::format("it lies in {}", printable(index.files[tensor->range.file])))};
    }
    if (model.tensors.size() > index.file_of.size()) {
        model.warnings.push_back(fmt::format("{}: does not name {} tensors of its files",
                                             index_name,
                                             model.tensors.size() - index.file_of.size()));
    }
    return {};
}

Result<ShardIndex> read_index(const fs::path& path, HeaderBudget& budget) {
    const auto text = read_text_file(path, kLongestIndex);
    if (!text) return text.error();
    auto index = parse_shard_index(*text, printable_path(path), budget);
    if (!index) return index;
    if (const auto missing = list_missing(folder_of(path), index->files); !missing.empty()) {
        return Error{fmt::format(
            "{}: names files that its folder lacks: {}", printable_path(path), missing)};
    }
    return index;
}

}  // namespace

Result<ModelFiles> open_safetensors_index(const fs::path& path) {
    HeaderBudget budget;
    const auto index = read_index(path, budget);
    if (!index) return index.error();
    ModelFiles model;
    model.kind = ModelFiles::Kind::safetensors;
    model.root = folder_of(path);
    for (const std::string& name : index->files) {
        auto file = File::open(model.root / name);
        if (!file) return file.error();
        if (auto ok = append(model, std::move(*file), budget); !ok) return ok.error();
    }
    if (const TensorInfo* twice = find_repeated_name(model.tensors)) {
        return Error{fmt::format("{}: tensor {} is also in an earlier shard",
                                 printable_path(model.files[twice->range.file].path()),
                                 printable(twice->name))};
    }
    model.build_index();
    if (auto ok = check_index(*index, printable_path(path), model); !ok) return ok.error();
    return model;
}

Result<ModelFiles> open_safetensors_file(File named) {
    const fs::path path = named.path();
    const auto shard = parse_shard_name(path);
    if (shard && shard->count > 1) {
        const fs::path index_path =
            folder_of(path) / (shard->stem + shard->extension + ".index.json");
        if (!is_there(index_path)) {
            return Error{fmt::format("{}: is shard {} of {}; its folder lacks {}",
                                     printable_path(path),
                                     shard->number,
                                     shard->count,
                                     printable_path(index_path.filename()))};
        }
        return open_safetensors_index(index_path);
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
        if (is_there(folder / kIndexFile)) return open_safetensors_index(folder / kIndexFile);
    }
    return Error{fmt::format("{}: {}", printable_path(folder), describe_folder(folder))};
}

}  // namespace greenroom::io
