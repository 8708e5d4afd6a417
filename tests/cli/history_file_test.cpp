#include "cli/history_file.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>

#include "tests/support/shared_data.hpp"

namespace greenroom::cli {
namespace {

// A variable of the environment, put back in the end.
class Variable {
 public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        set(value);
    }
    ~Variable() { set(before_ ? before_->c_str() : nullptr); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

 private:
    void set(const char* value) const {
        if (value != nullptr)
            setenv(name_, value, 1);
        else
            unsetenv(name_);
    }
    const char* name_;
    std::optional<std::string> before_;
};

TEST(HistoryFile, LiesWhereStateBelongs) {
    const tests::TemporaryFolder folder;
    const Variable home("HOME", folder.path().c_str());
    {
        const Variable state("XDG_STATE_HOME", nullptr);
        EXPECT_EQ(history_file(), folder.path() / ".local/state/greenroom/history");
    }
    const std::string elsewhere = (folder.path() / "state").string();
    const Variable state("XDG_STATE_HOME", elsewhere.c_str());
    EXPECT_EQ(history_file(), folder.path() / "state/greenroom/history");
    EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "state/greenroom"));
    EXPECT_EQ(std::filesystem::status(folder.path() / "state/greenroom").permissions(),
              std::filesystem::perms::owner_all);
}

TEST(HistoryFile, Hazard165_IsNowhereWithoutAHome) {
    const Variable state("XDG_STATE_HOME", nullptr);
    for (const char* value : {static_cast<const char*>(nullptr), "", "relative/home"}) {
        const Variable home("HOME", value);
        EXPECT_EQ(history_file(), "");
    }
}

TEST(HistoryFile, Hazard165_IsNowhereInAHomeThatCannotBeWritten) {
    const tests::TemporaryFolder folder;
    // A file where a folder should be refuses even root.
    const std::string file = folder.write("file", "").string();
    const Variable state("XDG_STATE_HOME", nullptr);
    const Variable home("HOME", file.c_str());
    EXPECT_EQ(history_file(), "");
}

}  // namespace
}  // namespace greenroom::cli
