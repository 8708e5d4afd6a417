// Opens a GGUF model: one file, or all shards of the set that a file belongs to.
#pragma once

#include "io/file.hpp"
#include "io/model_files.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// `named` is the file the user gave, any shard of a set.
Result<ModelFiles> open_gguf_model(File named);

}  // namespace greenroom::io
