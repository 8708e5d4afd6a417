#include <cmath>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd perplexity(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "perplexity");
    return run_program(flags);
}

std::string held_out_text() {
    return source_path("tests/data/demo/eval/validation-plain.txt").string();
}

TEST(PerplexityCommand, AgreesWithTheReferenceOfTheDemoModel) {
    const io::Json expected =
        io::Json::parse(slurp(source_path("tests/data/demo/eval/expected.json")));
    const io::Json& want =
        expected["perplexity"]["llama_cpp"]["results"]["validation-plain.txt"]["Q4_K_M"];
    const io::Json have = perplexity({"-f", held_out_text(), "--json"}).json();
    EXPECT_EQ(have["tokens"], 9180);
    EXPECT_EQ(have["method"], "peer");
    EXPECT_EQ(have["context"], 512);
    // Both round activations, each in its own way: they agree within the sampling error stated.
    EXPECT_NEAR(have["perplexity"].get<double>(),
                want["ppl"].get<double>(),
                want["plus_minus"].get<double>());
    EXPECT_DOUBLE_EQ(have["perplexity"].get<double>(), std::exp(have["nll"].get<double>()));
    EXPECT_GT(have["stderr"].get<double>(), 0);
}

TEST(PerplexityCommand, CutsWindowsAsAskedFor) {
    const TemporaryFolder folder;
    const std::string text = folder.write("t", slurp(held_out_text()).substr(0, 3000)).string();
    const auto tokens = [&](std::vector<std::string> flags) {
        flags.insert(flags.end(), {"-f", text, "-c", "64", "--json"});
        return perplexity(flags).json()["tokens"].get<int>();
    };
    const int windows = tokens({}) / 31;  // ids 33 to 63 of each
    EXPECT_EQ(tokens({}), windows * 31);
    EXPECT_EQ(tokens({"--method", "sliding"}), windows * 63);
    EXPECT_GT(tokens({"--method", "sliding", "--stride", "16"}), windows * 31);
}

TEST(PerplexityCommand, SpeaksToPeopleWithoutJson) {
    const TemporaryFolder folder;
    const std::string text = folder.write("t", slurp(held_out_text()).substr(0, 3000)).string();
    const ProgramEnd end = perplexity({"-f", text, "-c", "64"});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_TRUE(end.out.starts_with("perplexity ")) << end.out;
    EXPECT_EQ(end.err, "");
}

TEST(PerplexityCommand, Hazard161_SaysWhatIsMissing) {
    EXPECT_EQ(perplexity({}).err, "greenroom perplexity: needs a text: -f FILE\n");
    EXPECT_EQ(perplexity({"-f", held_out_text(), "--method", "other"}).code, 2);
    EXPECT_EQ(perplexity({"-f", "no/such/text"}).code, 1);
    const TemporaryFolder folder;
    const ProgramEnd small = perplexity({"-f", folder.write("t", "too small").string()});
    EXPECT_EQ(small.code, 1);
    EXPECT_EQ(std::count(small.err.begin(), small.err.end(), '\n'), 1) << small.err;
}

}  // namespace
}  // namespace greenroom::tests
