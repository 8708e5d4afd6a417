#include "cli/history_file.hpp"

#include <cstdlib>
#include <string_view>
#include <system_error>

namespace greenroom::cli {
namespace fs = std::filesystem;

namespace {

// The value of a variable that must be an absolute path; others count as unset (XDG Base Directory
// Specification).
fs::path absolute_path_in(const char* variable) {
    const char* value = std::getenv(variable);
    fs::path path = value == nullptr ? "" : value;
    return path.is_absolute() ? path : fs::path();
}

fs::path state_home() {
    if (const fs::path state = absolute_path_in("XDG_STATE_HOME"); !state.empty()) return state;
    const fs::path home = absolute_path_in("HOME");
    return home.empty() ? home : home / ".local" / "state";
}

}  // namespace

fs::path history_file() {
    const fs::path state = state_home();
    if (state.empty()) return {};
    const fs::path folder = state / "greenroom";
    std::error_code failed;
    const bool made = fs::create_directories(folder, failed);
    if (failed) return {};
    // What people type is theirs alone.
    if (made) fs::permissions(folder, fs::perms::owner_all, failed);
    return folder / "history";
}

}  // namespace greenroom::cli
