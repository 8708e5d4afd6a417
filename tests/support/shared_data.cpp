#include "tests/support/shared_data.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace greenroom::tests {
namespace fs = std::filesystem;

namespace {
std::optional<fs::path> existing(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::nullopt;
    return path;
}
}  // namespace

std::optional<fs::path> shared_data(std::string_view relative) {
    const char* set = std::getenv("GREENROOM_SHARED");
    const fs::path root = set != nullptr ? set : GREENROOM_SHARED_DEFAULT;
    return existing(root / "data" / relative);
}

std::optional<fs::path> reference_data(std::string_view relative) {
    if (std::optional<fs::path> shared = shared_data(relative)) return shared;
    return existing(source_path("tests/data") / relative);
}

fs::path source_path(std::string_view relative) {
    return fs::path(GREENROOM_SOURCE) / relative;
}

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
