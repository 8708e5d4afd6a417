// Says what a folder holds that is not a Hugging Face model in safetensors. Opens no file.
#pragma once

#include <filesystem>
#include <string>

namespace greenroom::io {

// What to do instead, as a phrase: which file to name, or what is missing.
std::string describe_folder(const std::filesystem::path& folder);

}  // namespace greenroom::io
