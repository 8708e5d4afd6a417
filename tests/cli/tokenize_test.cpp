#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sstream>

#include "cli/base64.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd tokenize(std::vector<std::string> flags, std::string input = {}) {
    flags.insert(flags.begin(), "tokenize");
    return run_program(ProgramCall{.arguments = std::move(flags), .input = std::move(input)});
}

TEST(Tokenize, PrintsIdsThatDecodeTakes) {
    const ProgramEnd ids = tokenize({"-p", "Hello world"});
    EXPECT_EQ(ids.out, "1,1270,1370\n");
    EXPECT_EQ(tokenize({"--decode", "1270,1370"}).out, "Hello world\n");
}

TEST(Tokenize, ReadsStandardInputAndGivesPieces) {
    const io::Json json = tokenize({"--json"}, "Hello world").json();
    EXPECT_EQ(json["ids"], (io::Json{1, 1270, 1370}));
    EXPECT_EQ(json["pieces"], (io::Json{"<s>", " Hello", " world"}));
}

TEST(Tokenize, AddsNoBosWhenToldSo) {
    EXPECT_EQ(tokenize({"--no-bos", "-p", "Hello world"}).out, "1270,1370\n");
}

TEST(Tokenize, ControlTokensCountOnlyWhenAskedFor) {
    EXPECT_EQ(tokenize({"--no-bos", "--parse-special", "-p", "</s>"}).out, "2\n");
    EXPECT_NE(tokenize({"--no-bos", "-p", "</s>"}).out, "2\n");
}

TEST(Tokenize, DecodesIntoJson) {
    const io::Json json = tokenize({"--decode", "1270, 1370", "--json"}).json();
    EXPECT_EQ(json["text"], "Hello world");
    EXPECT_EQ(json["bytes_b64"], cli::to_base64("Hello world"));
}

TEST(Tokenize, AnswersALinePerRequest) {
    const ProgramEnd end = tokenize({"--jsonl"},
                                    "{\"text\": \"Hello world\"}\n"
                                    "{\"text\": \"Hello world\", \"add_special\": false}\n"
                                    "\n"
                                    "{\"bytes_b64\": \"SGVsbG8gd29ybGQ=\"}\n"
                                    "{\"text\": \"</s>\", \"parse_special\": true}\n"
                                    "nonsense\n"
                                    "{\"text\": 5}\n"
                                    "{\"text\": \"\", \"add_special\": false}");
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.out.substr(0, end.out.find("{\"error")),
              "{\"ids\":[1,1270,1370]}\n{\"ids\":[1270,1370]}\n{\"ids\":[1,1270,1370]}\n"
              "{\"ids\":[1,2]}\n");
    EXPECT_NE(end.out.find("{\"error\":\"line 6: "), std::string::npos) << end.out;
    EXPECT_NE(end.out.find("{\"error\":\"text: expected a string\"}"), std::string::npos);
    EXPECT_TRUE(end.out.ends_with("\n{\"ids\":[]}\n")) << end.out;
}

TEST(Tokenize, DecodesALinePerRequest) {
    const ProgramEnd end =
        tokenize({"--jsonl", "--decode"}, "{\"ids\": [1, 1270]}\n{\"ids\": [-1]}\n");
    EXPECT_EQ(end.code, 0) << end.err;
    const std::size_t line = end.out.find('\n');
    const auto first = io::parse_json(end.out.substr(0, line), "answer");
    ASSERT_TRUE(first);
    EXPECT_EQ((*first)["pieces_b64"], (io::Json{cli::to_base64("<s>"), cli::to_base64(" Hello")}));
    EXPECT_EQ(end.out.substr(line + 1), "{\"error\":\"ids: expected an array of token ids\"}\n");
}

TEST(Tokenize, AgreesWithEveryReferenceCase) {
    GREENROOM_NEED_SHARED(folder, "tokenizers");
    const auto cases = folder / "llama-spm.cases.jsonl";
    const std::string requests = slurp(cases);
    const ProgramEnd end =
        tokenize({"-m", (folder / "llama-spm.gguf").string(), "--jsonl"}, requests);
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream wanted(requests), got(end.out);
    int n = 0;
    for (std::string want, have; std::getline(wanted, want) && std::getline(got, have); ++n) {
        EXPECT_EQ(io::Json::parse(have)["ids"], io::Json::parse(want)["ids"]) << want;
    }
    EXPECT_GT(n, 400);
}

TEST(Tokenize, Hazard161_RefusesIdsThatAreNone) {
    for (const char* bad : {"1,x", "1,,2", "-1", "99999999999", "1;2"}) {
        const ProgramEnd end = tokenize({"--decode", bad});
        EXPECT_EQ(end.code, 2) << bad;
        EXPECT_NE(end.err.find("--decode: expected token ids"), std::string::npos) << end.err;
    }
}

TEST(Tokenize, Hazard162_TakesBinaryInput) {
    std::string bytes;
    for (int b = 0; b < 256; ++b) bytes += static_cast<char>(b);
    const io::Json json = tokenize({"--json", "--no-bos"}, bytes).json();
    const ProgramEnd back = tokenize(
        {"--decode", fmt::format("{}", fmt::join(json["ids"].get<std::vector<int>>(), ","))});
    EXPECT_EQ(back.out, bytes + "\n");
}

}  // namespace
}  // namespace greenroom::tests
