// Small files written whole or not at all. Knows no format.
#pragma once

#include <filesystem>
#include <string_view>

#include "io/result.hpp"

namespace greenroom::io {

// Writes a new file beside `path`, syncs it and renames it to `path`: whoever reads `path`, and
// whatever ends this process, finds the old contents or the new ones. Follows symbolic links;
// refuses folders, pipes and devices. On an Error the old file is untouched.
Result<void> replace_file(const std::filesystem::path& path, std::string_view contents);

}  // namespace greenroom::io
