#include "cli/demo_model.hpp"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <system_error>

#include "io/file.hpp"
#include "runtime/load_settings.hpp"

namespace greenroom::cli {
namespace fs = std::filesystem;

namespace {

// Where this program lies; without /proc, as it was called.
fs::path program_file() {
    std::error_code failed;
    const fs::path file = fs::read_symlink("/proc/self/exe", failed);
    if (!failed) return file;
    const char* called = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
    return called == nullptr ? fs::path() : fs::canonical(called, failed);
}

}  // namespace

fs::path demo_settings_file() {
    std::error_code failed;
    const fs::path above = program_file().parent_path().parent_path();
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
