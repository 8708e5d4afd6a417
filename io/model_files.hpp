// What a user names with -m, opened: one GGUF file, all shards of a split one, or a Hugging Face
// folder. Headers only; tensor bytes stay on disk. Knows no model family.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/element_type.hpp"
#include "io/file.hpp"
#include "io/file_range.hpp"
#include "io/metadata.hpp"
#include "io/result.hpp"

namespace greenroom::io {

struct TensorInfo {
    std::string name;
    std::vector<std::uint64_t> shape;  // GGUF order: shape[0] is contiguous
    ElementType type = ElementType::f32;
    FileRange range;
};

// The first tensor whose name an earlier one has already; null when there is none.
const TensorInfo* find_repeated_name(const std::vector<TensorInfo>& tensors);

struct ModelFiles {
    enum class Kind { gguf, safetensors };

    Kind kind = Kind::gguf;
    std::filesystem::path root;  // the file named (GGUF: the first shard), or the folder
    std::vector<File> files;     // FileRange::file indexes these
    Metadata metadata;           // of the first shard; empty for safetensors
    std::vector<TensorInfo> tensors;
    std::vector<std::string> warnings;  // lines worth showing: trailing bytes, gaps, …

    const TensorInfo* find(std::string_view name) const;
    void build_index();  // after filling `tensors`

 private:
    std::unordered_map<std::string_view, std::size_t> index_;  // views into tensors[i].name
};

// Opens a .gguf (any shard), a .safetensors, or a folder with config.json. Validates every header
// field that a later read depends on (HAZARDS G1, G2, G5).
Result<ModelFiles> open_model_files(const std::filesystem::path& path);

}  // namespace greenroom::io
