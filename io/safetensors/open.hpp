// Opens safetensors models: one file, or a Hugging Face folder with all its shards.
#pragma once

#include <filesystem>

#include "io/file.hpp"
#include "io/model_files.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// `named` is the file the user gave; config.json is looked for beside it. A shard of a set opens
// the whole set.
Result<ModelFiles> open_safetensors_file(File named);

// All the files that an index names, which lie beside it.
Result<ModelFiles> open_safetensors_index(const std::filesystem::path& path);

// A folder with config.json and model.safetensors, or model.safetensors.index.json and the shards
// that it names. Says what a folder holds instead.
Result<ModelFiles> open_model_folder(const std::filesystem::path& folder);

}  // namespace greenroom::io
