#include "io/gguf/open.hpp"

#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "io/gguf/header.hpp"
#include "io/gguf/split.hpp"

namespace greenroom::io {
namespace {

void append(ModelFiles& model, File file, GgufHeader header) {
    const auto index = static_cast<std::uint32_t>(model.files.size());
    if (index == 0) {
        model.root = file.path();
        model.metadata = std::move(header.metadata);
    }
    for (TensorInfo& tensor : header.tensors) tensor.range.file = index;
    std::ranges::move(header.tensors, std::back_inserter(model.tensors));
    std::ranges::move(header.warnings, std::back_inserter(model.warnings));
    model.files.push_back(std::move(file));
}

Result<void> check_total(const ModelFiles& model, const SplitInfo& split) {
    const std::string& file = model.metadata.file_name();
    if (split.tensors && *split.tensors != model.tensors.size()) {
        return Error{fmt::format("{}: split.tensors.count is {}, but the {} shards hold {} tensors",
                                 file,
                                 *split.tensors,
                                 split.count,
                                 model.tensors.size())};
    }
    if (const TensorInfo* twice = find_repeated_name(model.tensors)) {
        return Error{fmt::format("{}: tensor {} is also in an earlier shard",
                                 printable_path(model.files[twice->range.file].path()),
                                 printable(twice->name))};
    }
    return {};
}

// The shards of `paths` in order. The budget spans all of them.
Result<ModelFiles> open_shards(const std::vector<std::filesystem::path>& paths,
                               const SplitInfo& split) {
    ModelFiles model;
    HeaderBudget budget;
    for (std::uint32_t i = 0; i < paths.size(); ++i) {
        auto file = File::open(paths[i]);
        if (!file) return file.error();
        auto header = read_gguf_header(FileSource(*file), budget);
        if (!header) return header.error();
        const Metadata& first = i == 0 ? header->metadata : model.metadata;
        if (auto ok = check_shard(first, header->metadata, i); !ok) return ok.error();
        append(model, std::move(*file), std::move(*header));
    }
    if (auto ok = check_total(model, split); !ok) return ok.error();
    model.build_index();
    return model;
}

}  // namespace

Result<ModelFiles> open_gguf_model(File named) {
    HeaderBudget budget;
    auto header = read_gguf_header(FileSource(named), budget);
    if (!header) return header.error();
    const auto split = read_split_info(header->metadata);
    if (!split) return split.error();
    if (split->count > 1) {
        const auto paths = find_shards(named.path(), *split);
        if (!paths) return paths.error();
        *header = {};
        return open_shards(*paths, *split);
    }
    ModelFiles model;
    append(model, std::move(named), std::move(*header));
    model.build_index();
    return model;
}

}  // namespace greenroom::io
