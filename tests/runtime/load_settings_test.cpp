#include "runtime/load_settings.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/shared_data.hpp"

namespace greenroom::runtime {
namespace {

class LoadSettings : public ::testing::Test {
 protected:
    std::string error_of(std::string_view text) {
        const io::Result<void> ok = load(text);
        return ok ? "loaded" : ok.error().message;
    }
    io::Result<void> load(std::string_view text) {
        return load_settings(folder_.write("s.toml", text), settings_);
    }
    std::string at(int line, std::string_view message) const {
        return fmt::format("{}:{}: {}", (folder_.path() / "s.toml").string(), line, message);
    }

    tests::TemporaryFolder folder_;
    Settings settings_;
};

TEST_F(LoadSettings, ReadsEveryKindOfValue) {
    const io::Result<void> ok = load(R"(# a comment
[model]
path = "/models/x.gguf"
context = 2_048
exact = true
[sampling]
temperature = 1        # whole numbers convert
top_p = 0.5
seed = 9007199254740993
[chat]
system = """
Two
lines."""
)");
    ASSERT_TRUE(ok) << ok.error().message;
    EXPECT_EQ(settings_.model.path, "/models/x.gguf");
    EXPECT_EQ(settings_.model.context, 2048);
    EXPECT_TRUE(settings_.model.exact);
    EXPECT_EQ(settings_.sampling.temperature, 1.0);
    EXPECT_EQ(settings_.sampling.top_p, 0.5);
    EXPECT_EQ(settings_.sampling.seed, 9007199254740993);
    EXPECT_EQ(settings_.chat.system, "Two\nlines.");
}

TEST_F(LoadSettings, LeavesAloneWhatTheFileDoesNotName) {
    settings_.model.batch = 7;
    settings_.sampling.top_k = 3;
    ASSERT_TRUE(load("[sampling]\nmin_p = 0.25\n"));
    EXPECT_EQ(settings_.model.batch, 7);
    EXPECT_EQ(settings_.sampling.top_k, 3);
    EXPECT_EQ(settings_.sampling.min_p, 0.25);
}

TEST_F(LoadSettings, FindsTheModelBesideTheFile) {
    ASSERT_TRUE(load("[model]\npath = \"sub/x.gguf\"\n"));
    EXPECT_EQ(settings_.model.path, (folder_.path() / "sub/x.gguf").string());
}

TEST_F(LoadSettings, Hazard161_NamesTheNearestKeyAndItsLine) {
    EXPECT_EQ(error_of("[sampling]\n\ntemprature = 1\n"),
              at(3, "no setting \"sampling.temprature\"; did you mean sampling.temperature?"));
    EXPECT_EQ(error_of("\n[samplin]\ntop_k = 1\n"),
              at(2, "no section [samplin]; did you mean [sampling]?"));
    EXPECT_EQ(error_of("temperature = 1\n"),
              at(1, "no setting \"temperature\"; did you mean sampling.temperature?"));
    EXPECT_EQ(error_of("[zzz]\n"), at(1, "no setting \"zzz\""));
}

TEST_F(LoadSettings, Hazard161_NamesLineAndKeyOfAWrongValue) {
    EXPECT_EQ(error_of("[model]\ncontext = \"many\"\n").find(at(2, "model.context: expected")), 0u);
    EXPECT_EQ(error_of("[model]\nexact = 1\n"),
              at(2, "model.exact: expected true or false, got \"1\""));
    EXPECT_EQ(error_of("[model]\nload = \"slowly\"\n"),
              at(2, "model.load: expected one of read, mmap, got \"slowly\""));
    EXPECT_EQ(error_of("[sampling]\ntop_k = 1.5\n").find(at(2, "sampling.top_k: expected")), 0u);
    EXPECT_EQ(error_of("[sampling]\ntop_p = nan\n").find(at(2, "sampling.top_p: expected")), 0u);
    EXPECT_EQ(error_of("[sampling]\ntop_k = [1]\n"),
              at(2, "sampling.top_k: expected a whole number of 0 or more, got a list"));
    EXPECT_EQ(error_of("[chat]\nsystem = 1979-05-27\n"),
              at(2, "chat.system: expected text, got a date or time"));
    EXPECT_EQ(error_of("[chat.system]\n"), at(1, "chat.system: expected text, got a table"));
    EXPECT_EQ(error_of("chat = 3\n"), at(1, "chat: expected a section, [chat]"));
}

TEST_F(LoadSettings, Hazard161_NamesTheLineOfMalformedToml) {
    EXPECT_EQ(error_of("[model]\ncontext = \n").find(at(2, "")), 0u);
    EXPECT_EQ(error_of("[model\n").find(at(1, "")), 0u);
    EXPECT_EQ(error_of("[model]\nbatch = 1\nbatch = 2\n").find(at(3, "")), 0u);
    EXPECT_NE(error_of("[!]\n").find("saw '!'"), std::string::npos);
    EXPECT_NE(error_of("[chat]\nsystem = \"\xff\"\n"), "loaded");
    EXPECT_NE(error_of(std::string("[chat]\nsystem = \"\0\"\n", 22)), "loaded");
}

TEST_F(LoadSettings, ChangesNothingOnAnError) {
    EXPECT_NE(error_of("[model]\nbatch = 3\n[sampling]\ntop_k = 5\nnone = 1\n"), "loaded");
    EXPECT_EQ(settings_.model.batch, Settings{}.model.batch);
    EXPECT_FALSE(settings_.sampling.top_k);
}

TEST_F(LoadSettings, ReadsTheBaseFirst) {
    std::filesystem::create_directory(folder_.path() / "sub");
    folder_.write("sub/far.toml", "[sampling]\ntop_k = 1\ntop_p = 0.1\nmin_p = 0.1\n");
    folder_.write("near.toml", "base = \"sub/far.toml\"\n[sampling]\ntop_p = 0.2\nmin_p = 0.2\n");
    const io::Result<void> ok = load("base = \"near.toml\"\n[sampling]\nmin_p = 0.3\n");
    ASSERT_TRUE(ok) << ok.error().message;
    EXPECT_EQ(settings_.sampling.top_k, 1);
    EXPECT_EQ(settings_.sampling.top_p, 0.2);
    EXPECT_EQ(settings_.sampling.min_p, 0.3);
}

TEST_F(LoadSettings, ErrorsOfABaseNameTheBase) {
    folder_.write("other.toml", "[model]\nx = 1\n");
    EXPECT_NE(error_of("base = \"other.toml\"\n").find("other.toml:2: no setting \"model.x\""),
              std::string::npos);
    EXPECT_NE(error_of("base = \"absent.toml\"\n").find("absent.toml"), std::string::npos);
    EXPECT_EQ(error_of("base = 7\n"), at(1, "base: expected the path of another settings file"));
}

TEST_F(LoadSettings, RefusesFilesThatIncludeEachOther) {
    EXPECT_EQ(error_of("base = \"./s.toml\"\n"), at(1, "base: the files include each other"));
    folder_.write("a.toml", "base = \"s.toml\"\n");
    EXPECT_NE(error_of("base = \"a.toml\"\n").find("a.toml:1: base: the files include each other"),
              std::string::npos);
}

TEST_F(LoadSettings, RefusesALongChainOfFiles) {
    for (int i = 0; i < 20; ++i) {
        folder_.write(fmt::format("{}.toml", i), fmt::format("base = \"{}.toml\"\n", i + 1));
    }
    EXPECT_NE(error_of("base = \"0.toml\"\n").find("more than 8 files in a row"),
              std::string::npos);
}

TEST_F(LoadSettings, RefusesHugeAndDeepFiles) {
    EXPECT_NE(error_of("# " + std::string(300'000, 'x')), "loaded");
    std::string deep;
    for (int i = 0; i < 50'000; ++i) deep += "a.";
    EXPECT_EQ(error_of(deep + "a = 1\n"),
              (folder_.path() / "s.toml").string() + ": more than 1000 dots in keys");
    EXPECT_NE(error_of("a = " + std::string(100'000, '[')), "loaded");
}

TEST_F(LoadSettings, TextMayHoldAnyNumberOfDots) {
    const std::string dots(5000, '.');
    ASSERT_TRUE(load("[chat]\nsystem = \"\\\"" + dots + "\"  # " + dots + "\n"));
    EXPECT_EQ(settings_.chat.system, "\"" + dots);
    ASSERT_TRUE(load("[chat]\nsystem = '''it's\n" + dots + "'''\n"));
    EXPECT_EQ(settings_.chat.system, "it's\n" + dots);
}

TEST_F(LoadSettings, TakesAnyLetterWhereTextMayStand) {
    ASSERT_TRUE(
        load("# \u00fc \u026f\n[chat]\nsystem = \"\"\"a\\\n  \u00fc\u026f\u2e5e\ufe00\"\"\"\n"));
    EXPECT_EQ(settings_.chat.system, "a\u00fc\u026f\u2e5e\ufe00");
    EXPECT_NE(error_of("[chat]\nstats = true\u026f\n"), "loaded");
    EXPECT_NE(error_of("\u026f = 1\n"), "loaded");
}

TEST_F(LoadSettings, NamesAFileThatIsNotThere) {
    const io::Result<void> ok = load_settings(folder_.path() / "none.toml", settings_);
    ASSERT_FALSE(ok);
    EXPECT_NE(ok.error().message.find("none.toml"), std::string::npos);
    EXPECT_FALSE(load_settings(folder_.path(), settings_));
}

}  // namespace
}  // namespace greenroom::runtime
