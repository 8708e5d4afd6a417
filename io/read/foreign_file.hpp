// Says what a file is that was taken for a model: web pages, pointers and archives that downloads
// leave behind. Looks at the first bytes only.
#pragma once

#include <string>

#include "io/read/byte_source.hpp"

namespace greenroom::io {

// A phrase such as "is an HTML page (…)"; without the file's name.
std::string describe_foreign_file(const ByteSource& source);

}  // namespace greenroom::io
