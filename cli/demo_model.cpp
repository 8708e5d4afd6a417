#include "cli/demo_model.hpp"

#include <fmt/format.h>
#include <system_error>

#include "io/file.hpp"
#include "runtime/load_settings.hpp"

namespace greenroom::cli {
namespace fs = std::filesystem;

fs::path demo_settings_file() {
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    if (failed) return {};  // no /proc: the program cannot know where it lies
    const fs::path above = program.parent_path().parent_path();
    for (const char* folder : {"configs", "share/greenroom/configs"}) {
        const fs::path file = above / folder / "demo" / "demo.toml";
        if (fs::exists(file, failed)) return file;
    }
    return {};
}

io::Result<void> default_to_demo(runtime::Settings& settings) {
    if (!settings.model.path.empty()) return {};
    const fs::path file = demo_settings_file();
    if (file.empty()) {
        return io::Error{"no model: name one with -m; the demo model is not beside the program"};
    }
    runtime::Settings demo;
    if (const io::Result<void> read = runtime::load_settings(file, demo); !read) {
        return read.error();
    }
    settings.model.path = (file.parent_path() / demo.model.path).string();
    return {};
}

}  // namespace greenroom::cli
