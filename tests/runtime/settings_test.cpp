#include "runtime/settings.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

std::string error_of(Settings& settings, std::string_view assignment) {
    const io::Result<void> ok = apply_assignment(settings, assignment);
    return ok ? "applied" : ok.error().message;
}

TEST(Settings, EveryFieldHasItsOwnNameAndASection) {
    Settings settings;
    std::set<std::string_view> names;
    for (const SettingField& field : setting_fields(settings)) {
        EXPECT_TRUE(names.insert(field.name).second) << field.name;
        EXPECT_EQ(std::count(field.name.begin(), field.name.end(), '.'), 1) << field.name;
    }
    EXPECT_TRUE(names.contains("model.cpu_path"));
}

TEST(Settings, EveryDefaultIsAcceptedByItsOwnField) {
    Settings settings;
    for (const SettingField& field : setting_fields(settings)) {
        const std::string text = place_text(field.place);
        const bool unset = text.empty() && !std::holds_alternative<std::string*>(field.place);
        if (unset) continue;
        EXPECT_TRUE(put_text(field.place, field.accepts, text)) << field.name << " = " << text;
    }
}

// docs/settings.md: sections as "## [model]", settings as rows "| `path` | ... ".
TEST(Settings, EveryFieldIsDocumentedInItsSection) {
    const std::string page = tests::slurp(tests::source_path("docs/settings.md"));
    Settings settings;
    for (const SettingField& field : setting_fields(settings)) {
        const std::size_t dot = field.name.find('.');
        const std::string section = "## [" + std::string(field.name.substr(0, dot)) + "]";
        const std::size_t begin = page.find(section);
        ASSERT_NE(begin, std::string::npos) << section;
        const std::string_view text =
            std::string_view(page).substr(begin, page.find("\n## ", begin + 1) - begin);
        const std::string row = "\n| `" + std::string(field.name.substr(dot + 1)) + "` |";
        EXPECT_NE(text.find(row), std::string_view::npos) << field.name;
    }
}

TEST(Settings, AppliesAnAssignment) {
    Settings settings;
    EXPECT_EQ(error_of(settings, "sampling.top_k=7"), "applied");
    EXPECT_EQ(settings.sampling.top_k, 7);
    EXPECT_EQ(error_of(settings, "chat.system=a=b"), "applied");
    EXPECT_EQ(settings.chat.system, "a=b");
    EXPECT_EQ(error_of(settings, "chat.system="), "applied");
    EXPECT_EQ(settings.chat.system, "");
}

TEST(Settings, Hazard161_NamesTheNearestSetting) {
    Settings settings;
    EXPECT_EQ(error_of(settings, "sampling.topk=1"),
              "no setting \"sampling.topk\"; did you mean sampling.top_k?");
    EXPECT_EQ(error_of(settings, "top_k=1"), "no setting \"top_k\"; did you mean sampling.top_k?");
    EXPECT_EQ(error_of(settings, "quux.zzz=1"), "no setting \"quux.zzz\"");
    EXPECT_EQ(error_of(settings, "sampling.top_k"),
              "expected section.key=value, got \"sampling.top_k\"");
}

TEST(Settings, Hazard161_NamesSettingAndExpectation) {
    Settings settings;
    EXPECT_EQ(error_of(settings, "sampling.top_p=2"),
              "sampling.top_p: expected a number from 0 to 1, got \"2\"");
    EXPECT_EQ(error_of(settings, "chat.context_overflow=wrap"),
              "chat.context_overflow: expected one of stop, shift, got \"wrap\"");
    EXPECT_FALSE(settings.sampling.top_p);
}

}  // namespace
}  // namespace greenroom::runtime
