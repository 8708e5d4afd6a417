#include "io/model_files.hpp"

#include <fmt/format.h>

#include "io/gguf/open.hpp"

namespace greenroom::io {

const TensorInfo* ModelFiles::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &tensors[found->second];
}

void ModelFiles::build_index() {
    index_.clear();
    index_.reserve(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) index_.emplace(tensors[i].name, i);
}

Result<ModelFiles> open_model_files(const std::filesystem::path& path) {
    auto file = File::open(path);
    if (!file) return file.error();
    return open_gguf_model(std::move(*file));
}

}  // namespace greenroom::io
