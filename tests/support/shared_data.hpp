// Where tests find their data: tests/data in the project, and the reference data beside it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace greenroom::tests {

// A path under the reference data (GREENROOM_SHARED, default ../shared); empty when it is absent.
std::optional<std::filesystem::path> shared_data(std::string_view relative);

// A path in this project.
std::filesystem::path source_path(std::string_view relative);

// An empty folder of its own, removed when this goes.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    // Writes a file there and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view bytes) const;

 private:
    std::filesystem::path path_;
};

// The whole file; an empty string when it cannot be read.
std::string slurp(const std::filesystem::path& path);

}  // namespace greenroom::tests

// Skips the test, loudly, when the reference data is not there.
#define GREENROOM_NEED_SHARED(variable, relative)                                            \
    const auto variable##_found = ::greenroom::tests::shared_data(relative);                 \
    if (!variable##_found) GTEST_SKIP() << "reference data absent: " << (relative);          \
    const std::filesystem::path& variable = *variable##_found
