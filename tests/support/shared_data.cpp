#include "tests/support/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace greenroom::tests {
namespace fs = std::filesystem;

std::optional<fs::path> shared_data(std::string_view relative) {
    const char* set = std::getenv("GREENROOM_SHARED");
    const fs::path path = fs::path(set != nullptr ? set : GREENROOM_SHARED_DEFAULT) / relative;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::nullopt;
    return path;
}

fs::path source_path(std::string_view relative) { return fs::path(GREENROOM_SOURCE) / relative; }

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "greenroom-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path TemporaryFolder::write(std::string_view name, std::string_view bytes) const {
    const fs::path path = path_ / name;
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
}

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

}  // namespace greenroom::tests
