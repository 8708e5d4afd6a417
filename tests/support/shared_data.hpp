// Where tests find their data: the reference data beside the checkout, and the small part of it
// that lies in tests/data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace greenroom::tests {

// A path in the reference data, e.g. "models/mixtral"; empty when it is absent. The data lies in
// the folder data of GREENROOM_SHARED (default ../shared).
std::optional<std::filesystem::path> shared_data(std::string_view relative);

// The same path in the reference data or, when it is not there, in tests/data (see its README for
// what that holds). Ask for a file, not for a folder: the folders of tests/data are not complete.
std::optional<std::filesystem::path> reference_data(std::string_view relative);

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
#define GREENROOM_NEED_SHARED(variable, relative)                                   \
    const auto variable##_found = ::greenroom::tests::shared_data(relative);        \
    if (!variable##_found) GTEST_SKIP() << "reference data absent: " << (relative); \
    const std::filesystem::path& variable = *variable##_found

// The same for a file that tests/data may also hold.
#define GREENROOM_NEED_REFERENCE(variable, relative)                                \
    const auto variable##_found = ::greenroom::tests::reference_data(relative);     \
    if (!variable##_found) GTEST_SKIP() << "reference data absent: " << (relative); \
    const std::filesystem::path& variable = *variable##_found
