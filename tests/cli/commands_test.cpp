#include "cli/commands.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <vector>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}

void expect_fits_a_screen(const std::string& text) {
    const auto lines = lines_of(text);
    EXPECT_LE(lines.size(), 40u);
    for (const std::string& line : lines) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Commands, HaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const cli::Command& command : cli::commands()) {
        EXPECT_TRUE(names.insert(command.name).second) << command.name;
    }
    EXPECT_TRUE(names.contains("chat"));
}

TEST(Commands, HelpThatFitsAScreen) {
    expect_fits_a_screen(run_program({"--help"}).out);
    for (const cli::Command& command : cli::commands()) {
        const std::string name(command.name);
        const ProgramEnd help = run_program({"help", name});
        EXPECT_EQ(help.code, 0);
        EXPECT_TRUE(help.out.starts_with("usage: greenroom " + name + " ")) << help.out;
        expect_fits_a_screen(help.out);
        EXPECT_EQ(run_program({name, "--help"}).out, help.out);
    }
}

// Every command that takes flags, by the words that call it.
std::vector<std::vector<std::string>> commands_with_flags() {
    std::vector<std::vector<std::string>> out;
    for (const cli::Command& command : cli::commands()) {
        if (command.name != "trace") out.push_back({std::string(command.name)});
    }
    for (const char* name : {"record", "info", "validate", "convert"}) {
        out.push_back({"trace", name});
    }
    return out;
}

// Every command refuses what it does not know, with the line that helps.
TEST(Commands, Hazard161_RefuseUnknownFlags) {
    for (std::vector<std::string> words : commands_with_flags()) {
        words.push_back("--quiettt");
        const ProgramEnd end = run_program({words});
        EXPECT_EQ(end.code, 2) << words[0];
        EXPECT_EQ(end.out, "");
        EXPECT_NE(end.err.find("unknown flag --quiettt; did you mean --quiet?"), std::string::npos)
            << end.err;
    }
}

// None of them hangs at a pipe or reads a device that never ends.
TEST(Commands, Hazard035_NameWhatIsNoModelInOneLine) {
    const TemporaryFolder folder;
    const std::string pipe = (folder.path() / "pipe").string();
    const std::string empty = (folder.path() / "empty").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::filesystem::create_directory(empty);
    const std::vector<std::vector<std::string>> calls = {
        {"run", "-p", "x"},
        {"chat"},
        {"inspect"},
        {"tokenize", "-p", "x"},
        {"logits", "--prompt-ids", "1", "-o", "/dev/null"},
        {"perplexity", "-f", folder.write("text", "x").string()},
        {"template", "--messages", folder.write("messages.json", "[]").string()}};
    for (std::vector<std::string> arguments : calls) {
        arguments.insert(arguments.end(), {"-m", ""});
        for (const std::string& path : {pipe, empty, std::string("/dev/zero")}) {
            arguments.back() = path;
            const ProgramEnd end = run_program({.arguments = arguments, .timeout_s = 20});
            EXPECT_EQ(end.code, 1) << arguments[0];
            EXPECT_EQ(end.out, "");
            EXPECT_TRUE(end.err.starts_with("greenroom " + arguments[0] + ": " + path)) << end.err;
            EXPECT_EQ(std::ranges::count(end.err, '\n'), 1) << end.err;
        }
    }
}

}  // namespace
}  // namespace greenroom::tests
