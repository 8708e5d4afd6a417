// Settings files: TOML in, Settings out. The only place that knows TOML.
#pragma once

#include <filesystem>
#include <string_view>

#include "io/result.hpp"
#include "runtime/settings.hpp"

namespace greenroom::runtime {

// Reads the sections of a file ([model], [sampling], [chat]) into `settings`; what the file does
// not name stays as it is. Paths are relative to the file's folder. A line
// `base = "other.toml"` at the top, also relative to it, reads that file first. An Error names
// file, line and key: malformed TOML, a value of the wrong type, an unknown key (with the nearest
// one), files that include each other. `settings` is unchanged then.
io::Result<void> load_settings(const std::filesystem::path& path, Settings& settings);
// The same from the text of the file; `path` is where it would lie.
io::Result<void> read_settings(std::string_view text,
                               const std::filesystem::path& path,
                               Settings& settings);

// The same for any fields: sections and keys, "base", no others. Places are written as values are
// read, also when it ends with an Error.
io::Result<void> load_fields(const std::filesystem::path& path, std::vector<SettingField> fields);

}  // namespace greenroom::runtime
