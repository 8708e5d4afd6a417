#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

// Two float32 implementations differ by at most 2.4e-5 on these models; the references' own README
// calls 2e-4 ample for float32.
constexpr float kFloat32Tolerance = 2e-4F;

std::string joined(const io::Json& ids) {
    std::string out;
    for (const io::Json& id : ids) out += (out.empty() ? "" : ",") + id.dump();
    return out;
}

std::vector<float> floats_of(const std::string& bytes) {
    std::vector<float> out(bytes.size() / sizeof(float));
    std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
    return out;
}

float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    EXPECT_EQ(a.size(), b.size());
    float most = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        most = std::max(most, std::abs(a[i] - b[i]));
    }
    return most;
}

struct Reference {
    io::Json expected;
    std::vector<std::string> arguments;  // up to -o
};

Reference reference(const std::filesystem::path& expected, const std::filesystem::path& model) {
    Reference out{io::Json::parse(slurp(expected)), {}};
    out.arguments = {"logits",
                     "-m",
                     model.string(),
                     "--exact",
                     "--kv-type",
                     "f32",
                     "--prompt-ids",
                     joined(out.expected["prompt_ids"])};
    return out;
}

ProgramEnd run_with(std::vector<std::string> arguments, std::vector<std::string> more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments);
}

TEST(Logits, AgreeWithTheReferenceInExactMode) {
    GREENROOM_NEED_REFERENCE(expected, "models/mixtral/expected.json");
    GREENROOM_NEED_REFERENCE(model, "models/mixtral/mixtral-old-layout-F16.gguf");
    GREENROOM_NEED_REFERENCE(wanted, "models/mixtral/expected-F16.f32");
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "logits").string();
    const Reference r = reference(expected, model);
    const ProgramEnd end = run_with(r.arguments, {"-o", file, "--json"});
    ASSERT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.json()["positions"], r.expected["prompt_ids"].size());
    EXPECT_EQ(end.json()["vocabulary"], r.expected["n_vocab"]);
    EXPECT_LE(largest_difference(floats_of(slurp(file)), floats_of(slurp(wanted))),
              kFloat32Tolerance);
}

TEST(Logits, AreTheSameInEveryBatchSizeAndOnStandardOutput) {
    GREENROOM_NEED_REFERENCE(expected, "models/mixtral/expected.json");
    GREENROOM_NEED_REFERENCE(model, "models/mixtral/mixtral-old-layout-F16.gguf");
    const Reference r = reference(expected, model);
    const std::string whole = run_with(r.arguments, {"-o", "-"}).out;
    EXPECT_EQ(whole.size(), 28u * 384 * sizeof(float));
    EXPECT_EQ(run_with(r.arguments, {"-o", "-", "-b", "5"}).out, whole);
}

TEST(Logits, NameTheExpertsOfEveryPositionAndLayer) {
    GREENROOM_NEED_REFERENCE(expected, "models/mixtral/expected.json");
    GREENROOM_NEED_REFERENCE(model, "models/mixtral/mixtral-old-layout-F16.gguf");
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "routing.jsonl").string();
    const Reference r = reference(expected, model);
    const ProgramEnd end = run_with(r.arguments, {"-o", "/dev/null", "--routing", file});
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream lines(slurp(file));
    int n = 0;
    for (std::string line; std::getline(lines, line); ++n) {
        const io::Json row = io::Json::parse(line);
        const io::Json& want = r.expected["routing"][row["layer"].dump()];
        const auto position = row["position"].get<std::size_t>();
        EXPECT_EQ(row["experts"], want["expert_ids"][position]) << line;
        EXPECT_EQ(row["weights"].size(), 2u);
    }
    EXPECT_EQ(n, 28 * 3);
}

TEST(Logits, Hazard161_SayWhatIsMissing) {
    EXPECT_EQ(run_program({"logits"}).err, "greenroom logits: needs --prompt-ids\n");
    EXPECT_EQ(run_program({"logits", "--prompt-ids", "1"}).err, "greenroom logits: needs -o\n");
    EXPECT_EQ(run_program({"logits", "--prompt-ids", "a", "-o", "-"}).code, 2);
    EXPECT_EQ(run_program({"logits", "--prompt-ids", "1", "-o", "-", "--json"}).code, 2);
    const ProgramEnd outside = run_program({"logits", "--prompt-ids", "99999", "-o", "/dev/null"});
    EXPECT_EQ(outside.code, 1);
    EXPECT_NE(outside.err.find("99999"), std::string::npos) << outside.err;
}

TEST(Logits, Hazard163_NameTheFileThatCannotBeWritten) {
    const ProgramEnd full = run_program({"logits", "--prompt-ids", "1,2", "-o", "/dev/full"});
    EXPECT_EQ(full.code, 1);
    EXPECT_EQ(full.err, "greenroom logits: /dev/full: No space left on device\n");
    const ProgramEnd output = run_program(
        {.arguments = {"logits", "--prompt-ids", "1", "-o", "-"}, .output = "/dev/full"});
    EXPECT_EQ(output.code, 1);
    EXPECT_EQ(output.err, "greenroom: stdout: No space left on device\n");
    const ProgramEnd nowhere = run_program({"logits", "--prompt-ids", "1", "-o", "no/such/file"});
    EXPECT_EQ(nowhere.code, 1);
    EXPECT_EQ(nowhere.err, "greenroom logits: no/such/file: No such file or directory\n");
}

TEST(Logits, Hazard163_AFileThatMayNotGrowIsAnError) {
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "logits").string();
    const std::string call = "ulimit -f 1; exec \"$0\" logits --prompt-ids 1,2 -o \"$1\"";
    const ProgramEnd end =
        run_program({.arguments = {"-c", call, program_path(), file}, .program = "/bin/sh"});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.err, "greenroom logits: " + file + ": File too large\n");
}

}  // namespace
}  // namespace greenroom::tests
