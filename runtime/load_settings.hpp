// Settings files: TOML in, Settings out. The only place that knows TOML.
#pragma once

#include <filesystem>

#include "io/result.hpp"
#include "runtime/settings.hpp"

namespace greenroom::runtime {

// Reads [model], [sampling] and [chat] into `settings`; what the file does not name stays as it is.
// A line `base = "other.toml"` at the top reads that file first, relative to this one. An Error
// names file, line and key: malformed TOML, a value of the wrong type, an unknown key (with the
// nearest one), files that include each other. `settings` is unchanged then.
io::Result<void> load_settings(const std::filesystem::path& path, Settings& settings);

}  // namespace greenroom::runtime
