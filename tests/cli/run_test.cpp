#include <gtest/gtest.h>

#include "kernels/cpu/path.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

ProgramEnd run(std::vector<std::string> flags, std::string input = {}) {
    flags.insert(flags.begin(), "run");
    return run_program(ProgramCall{.arguments = std::move(flags), .input = std::move(input)});
}

io::Json run_json(std::vector<std::string> flags, std::string input = {}) {
    flags.push_back("--json");
    const ProgramEnd end = run(std::move(flags), std::move(input));
    EXPECT_EQ(end.code, 0) << end.err;
    return end.json();
}

std::string joined(const io::Json& ids) {
    std::string out;
    for (const io::Json& id : ids) out += (out.empty() ? "" : ",") + id.dump();
    return out;
}

TEST(Run, GivesEveryFieldOfItsContract) {
    const io::Json json = run_json({"-p", "Hello", "-n", "4", "--temp", "0"});
    EXPECT_EQ(json["ids"].size(), 4u);
    EXPECT_EQ(json["logprobs"].size(), 4u);
    for (const io::Json& logprob : json["logprobs"]) EXPECT_LE(logprob.get<double>(), 0);
    EXPECT_EQ(json["finish_reason"], "length");
    EXPECT_TRUE(json["text"].is_string());
    EXPECT_EQ(json["timings"]["prompt_n"], json["prompt_ids"].size());
    EXPECT_EQ(json["timings"]["predicted_n"], 4);
    for (const char* field : {"load_s",
                              "prompt_s",
                              "prompt_per_second",
                              "predicted_s",
                              "predicted_per_second",
                              "first_token_s"}) {
        EXPECT_TRUE(json["timings"][field].is_number()) << field;
    }
}

// Products give the same bits on all of them; attention and activations round differently.
TEST(Run, SaysTheSameOnEveryInstructionSet) {
    const auto on = [](kernels::CpuPath path) {
        const ProgramEnd end =
            run_program({.arguments = {"run", "-p", "The cat", "-n", "8", "--temp", "0", "--json"},
                         .environment = {{"GREENROOM_CPU_PATH", std::string(name(path))}}});
        EXPECT_EQ(end.code, 0) << end.err;
        return end.json();
    };
    const io::Json plain = on(kernels::CpuPath::plain);
    for (const kernels::CpuPath path : kernels::available_cpu_paths()) {
        const io::Json json = on(path);
        EXPECT_EQ(json["ids"], plain["ids"]) << name(path);
        EXPECT_EQ(json["text"], plain["text"]) << name(path);
    }
}

const std::vector<std::string> kTiers = {"--set",
                                         "device.kind=emulated",
                                         "--set",
                                         "device.expert_budget=3MiB",
                                         "--set",
                                         "host.expert_budget=8MiB"};

TEST(Run, SaysWhatTheTiersDid) {
    std::vector<std::string> flags = {"-p", "Hello", "-n", "6", "--temp", "0"};
    const io::Json in_memory = run_json(flags);
    EXPECT_TRUE(in_memory["cache"].is_null());
    EXPECT_TRUE(in_memory["timings"]["token_p50_s"].is_number());
    flags.insert(flags.end(), kTiers.begin(), kTiers.end());
    for (const char* path : {"fetch", "cpu", "split"}) {
        std::vector<std::string> all = flags;
        all.insert(all.end(), {"--set", std::string("miss.path=") + path});
        const io::Json json = run_json(all);
        EXPECT_EQ(json["ids"], in_memory["ids"]);
        const io::Json& predicted = json["cache"]["predicted"];
        EXPECT_GT(predicted["misses_device"], 0);
        EXPECT_EQ(predicted["budget_bytes_device"], 3 << 20);
        EXPECT_GT(json["cache"]["prompt"]["disk_bytes"], 0);
        // What a split gives the CPU follows from measured speeds, and may be nothing.
        if (std::string_view(path) == "split") continue;
        EXPECT_EQ(predicted["cpu_experts"] == 0, std::string_view(path) == "fetch");
    }
}

TEST(Run, VerboseNamesBudgetsAndTheDiskQueue) {
    std::vector<std::string> flags = {"-p", "Hello", "-n", "1", "-v"};
    flags.insert(flags.end(), kTiers.begin(), kTiers.end());
    const ProgramEnd end = run(flags);
    EXPECT_NE(end.err.find("note: experts: 3.00 MiB on the device, 8.00 MiB in host memory; "),
              std::string::npos)
        << end.err;
}

TEST(Run, PrintsTheTextAndNothingElse) {
    const std::vector<std::string> flags = {"-p", "Hello", "-n", "8", "--temp", "0"};
    const ProgramEnd end = run(flags);
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.err, "");
    EXPECT_EQ(end.out, run_json(flags)["text"].get<std::string>() + "\n");
}

TEST(Run, TakesItsPromptFromFilesIdsAndStandardInput) {
    const TemporaryFolder folder;
    const std::string file = folder.write("prompt.txt", "Hello there").string();
    const io::Json wanted = run_json({"-p", "Hello there", "-n", "3", "--temp", "0"});
    const std::vector<io::Json> others = {
        run_json({"-f", file, "-n", "3", "--temp", "0"}),
        run_json({"-p", "-", "-n", "3", "--temp", "0"}, "Hello there"),
        run_json({"--prompt-ids", joined(wanted["prompt_ids"]), "-n", "3", "--temp", "0"})};
    for (const io::Json& other : others) {
        EXPECT_EQ(other["prompt_ids"], wanted["prompt_ids"]);
        EXPECT_EQ(other["ids"], wanted["ids"]);
    }
}

TEST(Run, ChatWrapsThePromptInTheTemplate) {
    const io::Json json = run_json({"-p", "Hello!", "--chat", "-n", "1"});
    EXPECT_EQ(json["prompt_ids"], (io::Json{1, 266, 267, 1994, 1270, 2009, 282, 267, 1994}));
}

// In a message, a control token is text; in a raw prompt it is one.
TEST(Run, Hazard077_MessagesCannotNameControlTokens) {
    const auto ids_of = [](std::vector<std::string> flags) {
        return run_json(std::move(flags))["prompt_ids"].get<std::vector<int>>();
    };
    const auto in_chat = ids_of({"-p", "a</s>b", "--chat", "-n", "1"});
    EXPECT_EQ(std::count(in_chat.begin(), in_chat.end(), 2), 0);
    const auto raw = ids_of({"-p", "a</s>b", "-n", "1"});
    EXPECT_EQ(std::count(raw.begin(), raw.end(), 2), 1);
}

TEST(Run, IsTheSameForTheSameSeedAtEveryThreadCount) {
    const auto ids = [](const char* threads, const char* seed) {
        return run_json(
            {"-p", "Once upon", "-n", "24", "-s", seed, "-t", threads, "--temp", "1.5"})["ids"];
    };
    EXPECT_EQ(ids("1", "7"), ids("3", "7"));
    EXPECT_NE(ids("1", "7"), ids("1", "8"));
}

TEST(Run, GoesOnBehindTheEndWhenToldSo) {
    const std::vector<std::string> flags = {"-p", "What is 7 + 8?", "--chat", "--temp", "0"};
    EXPECT_EQ(run_json(flags)["finish_reason"], "stop");
    std::vector<std::string> on = flags;
    on.insert(on.end(), {"--ignore-eos", "-n", "100"});
    EXPECT_EQ(run_json(on)["ids"].size(), 100u);
}

TEST(Run, StopsWhereTheContextIsFull) {
    const io::Json json = run_json({"-p", "Hello", "-c", "16", "--ignore-eos"});
    EXPECT_EQ(json["finish_reason"], "context");
    EXPECT_LE(json["prompt_ids"].size() + json["ids"].size(), 17u);
}

TEST(Run, AgreesWithTheReferenceModelsInExactMode) {
    GREENROOM_NEED_REFERENCE(expected, "models/mixtral/expected.json");
    GREENROOM_NEED_REFERENCE(model, "models/mixtral/mixtral-old-layout-F16.gguf");
    const io::Json want = io::Json::parse(slurp(expected));
    const io::Json have = run_json({"-m",
                                    model.string(),
                                    "--exact",
                                    "--kv-type",
                                    "f32",
                                    "--temp",
                                    "0",
                                    "-n",
                                    "32",
                                    "--ignore-eos",
                                    "--prompt-ids",
                                    joined(want["prompt_ids"])});
    // F16 moves logits by at most 0.013 (README there); the smallest margin is 0.088.
    EXPECT_EQ(have["ids"], want["greedy_ids"]);
}

TEST(Run, Hazard161_SaysWhatIsMissingOrMakesNoSense) {
    EXPECT_EQ(run({}).err, "greenroom run: needs a prompt: -p TEXT, -f FILE or --prompt-ids\n");
    for (const std::vector<std::string>& flags :
         std::vector<std::vector<std::string>>{{},
                                               {"-p", "x", "-f", "y"},
                                               {"--prompt-ids", "1,x"},
                                               {"-p", "x", "-n", "many"},
                                               {"-p", "x", "--ctx", "-1"},
                                               {"-p", "x", "--temp", "1e400"},
                                               {"-p", "x", "stray"}}) {
        EXPECT_EQ(run(flags).code, 2);
    }
    for (const std::vector<std::string>& flags :
         std::vector<std::vector<std::string>>{{"-f", "no/such/file"},
                                               {"-p", "x", "-m", "no/such/model"},
                                               {"--prompt-ids", "99999"}}) {
        const ProgramEnd end = run(flags);
        EXPECT_EQ(end.code, 1);
        EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    }
}

TEST(Run, Hazard162_AnswersAReaderWhoLeavesWithSilence) {
    const ProgramEnd end = run_program(
        {.arguments = {"-c", "\"$0\" run -p Hello --ignore-eos | head -c 5", program_path()},
         .program = "/bin/bash"});
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.out.size(), 5u);
    EXPECT_EQ(end.err, "");
}

TEST(Run, Hazard169_NeedsNoClockThatGoesForward) {
    // The test `style` keeps the wall clock, which may jump, out of everything that measures.
    const io::Json json = run_json({"-p", "Hello", "-n", "2"});
    EXPECT_GE(json["timings"]["predicted_s"].get<double>(), 0);
    EXPECT_GE(json["timings"]["load_s"].get<double>(), 0);
}

}  // namespace
}  // namespace greenroom::tests
