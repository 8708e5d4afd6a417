// Recognises model files, and says what a file is that was taken for one: web pages, pointers and
// archives that downloads leave behind. Looks at the first bytes only.
#pragma once

#include <string>

#include "io/read/byte_source.hpp"

namespace greenroom::io {

enum class ModelFormat { gguf, safetensors, other };

// Which kind of model file `source` is by its first bytes.
Result<ModelFormat> recognise_model(const ByteSource& source);

// A phrase such as "is an HTML page (…)"; without the file's name.
std::string describe_foreign_file(const ByteSource& source);

}  // namespace greenroom::io
