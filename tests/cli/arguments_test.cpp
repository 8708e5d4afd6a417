#include "cli/arguments.hpp"

#include <gtest/gtest.h>
#include <initializer_list>

namespace greenroom::cli {
namespace {

struct Fixture {
    int context = 4096;
    double temperature = 0.8;
    bool stats = false;
    std::string model, load = "read";
    std::vector<std::string> sets;
    Arguments arguments{"chat", "[-m PATH]", "talk with a model"};

    Fixture() {
        arguments.add({"m,model", "PATH", "the model", "demo"}, &model);
        arguments.add({"c,ctx", "N", "positions"}, &context, {.least = 0, .most = 1 << 20});
        arguments.add({"temp", "T", "temperature"}, &temperature, {.least = 0, .most = 100});
        arguments.add({"stats", "", "speeds"}, &stats);
        arguments.add({"load", "HOW", "weights"}, &load, {.choices = {"read", "mmap"}});
        arguments.add({"set", "KEY=VALUE", "a setting"}, &sets);
        arguments.add({"hidden", "N", ""}, &context);
    }

    std::string error(std::initializer_list<const char*> flags) {
        std::vector<const char*> argv = {"chat"};
        argv.insert(argv.end(), flags);
        const io::Result<void> parsed = arguments.parse(argv);
        return parsed ? "" : parsed.error().message;
    }
};

TEST(Arguments, FillsThePlacesOfTheFlagsGiven) {
    Fixture f;
    EXPECT_EQ(f.error({"-m",
                       "a.gguf",
                       "--ctx=8",
                       "--temp",
                       "0",
                       "--stats",
                       "--set",
                       "a=1,2",
                       "--set",
                       "b=3"}),
              "");
    EXPECT_EQ(f.model, "a.gguf");
    EXPECT_EQ(f.context, 8);
    EXPECT_EQ(f.temperature, 0);
    EXPECT_TRUE(f.stats);
    EXPECT_EQ(f.sets, (std::vector<std::string>{"a=1,2", "b=3"}));
    EXPECT_TRUE(f.arguments.given("ctx"));
    EXPECT_FALSE(f.arguments.given("load"));
}

TEST(Arguments, Hazard161_SuggestsTheFlagThatWasMeant) {
    EXPECT_EQ(Fixture().error({"--modle", "x"}), "unknown flag --modle; did you mean --model?");
    EXPECT_EQ(Fixture().error({"--sats"}), "unknown flag --sats; did you mean --stats?");
    EXPECT_EQ(Fixture().error({"--frobnicate=3"}), "unknown flag --frobnicate");
    EXPECT_EQ(Fixture().error({"-z"}), "unknown flag -z");
}

TEST(Arguments, Hazard161_NamesTheFlagWhoseValueIsMissing) {
    EXPECT_NE(Fixture().error({"--ctx"}).find("ctx"), std::string::npos);
    EXPECT_EQ(Fixture().error({"-m", "--stats"}), "--model needs a value, got the flag --stats");
}

TEST(Arguments, Hazard161_RefusesValuesOutOfRangeOrOfTheWrongKind) {
    EXPECT_EQ(Fixture().error({"--ctx", "-1"}),
              "--ctx: expected a whole number from 0 to 1048576, got \"-1\"");
    for (const char* bad : {"", "8k", "1e400", "0x10", "9999999999999999999999", "1.5", " 8"}) {
        EXPECT_NE(Fixture().error({"--ctx", bad}), "") << bad;
    }
    for (const char* bad : {"nan", "inf", "1e400", "1,5", "hot"}) {
        EXPECT_NE(Fixture().error({"--temp", bad}), "") << bad;
    }
    EXPECT_EQ(Fixture().error({"--load", "mnap"}),
              "--load: expected one of read, mmap, got \"mnap\"");
}

TEST(Arguments, Hazard161_TheLastOfRepeatedFlagsWins) {
    Fixture f;
    EXPECT_EQ(f.error({"--ctx", "1", "-c", "2"}), "");
    EXPECT_EQ(f.context, 2);
}

TEST(Arguments, Hazard161_ExclusiveFlagsAreRefusedTogether) {
    Fixture f;
    f.arguments.exclusive({"ctx", "temp"});
    EXPECT_EQ(f.error({"--ctx", "1", "--temp", "1"}), "--ctx and --temp exclude each other");
    EXPECT_EQ(f.error({"--ctx", "1"}), "");
}

TEST(Arguments, RefusesStrayArguments) {
    EXPECT_EQ(Fixture().error({"hello"}), "unexpected argument \"hello\"");
    Fixture f;
    f.arguments.positional("model");
    EXPECT_EQ(f.error({"hello"}), "");
    EXPECT_EQ(f.model, "hello");
    EXPECT_EQ(f.error({"hello", "again"}), "unexpected argument \"again\"");
}

TEST(Arguments, AppliesAgainSoThatFlagsWin) {
    Fixture f;
    EXPECT_EQ(f.error({"--ctx", "1", "--set", "x=1"}), "");
    f.context = 5;
    EXPECT_TRUE(f.arguments.apply());
    EXPECT_EQ(f.context, 1);
    EXPECT_EQ(f.sets.size(), 1u);
}

TEST(Arguments, HelpShowsDefaultsAndLeavesOutWhatIsHidden) {
    Fixture f;
    EXPECT_EQ(f.error({"--help", "--ctx", "9"}), "");
    EXPECT_TRUE(f.arguments.wants_help());
    EXPECT_EQ(f.context, 4096);
    EXPECT_EQ(f.arguments.help(),
              "usage: greenroom chat [-m PATH]\n"
              "talk with a model\n"
              "\n"
              "  -m, --model PATH            the model (demo)\n"
              "  -c, --ctx N                 positions (4096)\n"
              "      --temp T                temperature (0.8)\n"
              "      --stats                 speeds\n"
              "      --load HOW              weights (read)\n"
              "      --set KEY=VALUE         a setting\n");
}

}  // namespace
}  // namespace greenroom::cli
