// The model that comes with the program, for those who have named none.
#pragma once

#include <filesystem>

#include "io/result.hpp"
#include "runtime/settings.hpp"

namespace greenroom::cli {

// configs/demo/demo.toml beside the program: ../configs in a build, ../share/greenroom/configs once
// it is installed. Empty when it is in neither place.
std::filesystem::path demo_settings_file();

// Takes the demo model into `settings` when they name no model. An Error says where it was looked
// for.
io::Result<void> default_to_demo(runtime::Settings& settings);

}  // namespace greenroom::cli
