#include "io/model_files.hpp"

#include <fmt/format.h>
#include <unordered_set>

#include "io/gguf/open.hpp"
#include "io/read/foreign_file.hpp"
#include "io/safetensors/open.hpp"

namespace greenroom::io {
namespace {
namespace fs = std::filesystem;

Result<ModelFiles> open_by_content(File file) {
    const FileSource source(file);
    const fs::path path = file.path();
    const fs::path extension = path.extension();
    const Result<ModelFormat> format = recognise_model(source);
    if (!format) return format.error();
    if (*format == ModelFormat::safetensors ||
        (*format == ModelFormat::other && extension == ".safetensors")) {
        auto model = open_safetensors_file(std::move(file));
        if (model && extension == ".gguf") {
            model->warnings.push_back(fmt::format("{}: is a safetensors file in spite of its name",
                                                  printable_path(path)));
        }
        return model;
    }
    if (*format == ModelFormat::other && extension != ".gguf") {
        return Error{fmt::format("{}: {}; expected a GGUF or safetensors file, or a folder",
                                 source.name(),
                                 describe_foreign_file(source))};
    }
    auto model = open_gguf_model(std::move(file));
    if (model && extension == ".safetensors") {
        model->warnings.push_back(
            fmt::format("{}: is a GGUF file in spite of its name", printable_path(path)));
    }
    return model;
}

}  // namespace

const TensorInfo* find_repeated_name(const std::vector<TensorInfo>& tensors) {
    std::unordered_set<std::string_view> seen;
    seen.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors) {
        if (!seen.insert(tensor.name).second) return &tensor;
    }
    return nullptr;
}

const TensorInfo* ModelFiles::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &tensors[found->second];
}

void ModelFiles::build_index() {
    index_.clear();
    index_.reserve(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) index_.emplace(tensors[i].name, i);
}

Result<ModelFiles> open_model_files(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return open_model_folder(path);
    auto file = File::open(path);
    if (!file) return file.error();
    if (path.native().ends_with(".safetensors.index.json")) return open_safetensors_index(path);
    if (path.filename() == "config.json") {
        return open_model_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
    }
    return open_by_content(std::move(*file));
}

}  // namespace greenroom::io
