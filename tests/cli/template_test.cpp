#include <gtest/gtest.h>
#include <sstream>

#include "tests/support/program.hpp"
#include "tests/support/shared_data.hpp"

namespace greenroom::tests {
namespace {

constexpr const char* kQuestion = R"([{"role": "user", "content": "Hi"}])";

ProgramEnd render(std::vector<std::string> flags, std::string input = kQuestion) {
    flags.insert(flags.begin(), "template");
    return run_program(ProgramCall{.arguments = std::move(flags), .input = std::move(input)});
}

TEST(Template, RendersWithTheModelsOwn) {
    const ProgramEnd end = render({"--messages", "-"});
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.out, "<s> [INST] Hi [/INST]");
    EXPECT_EQ(render({"--messages", "-", "--bos-token", "<B>"}).out, "<B> [INST] Hi [/INST]");
}

TEST(Template, RendersWithATemplateFile) {
    const TemporaryFolder folder;
    const std::string file =
        folder
            .write("t.jinja",
                   "{{ bos_token }}|{{ messages[0].content }}|{{ add_generation_prompt }}|"
                   "{{ mode }}|{{ strftime_now('%Y-%m-%d') }}|{{ tools | length }}")
            .string();
    const ProgramEnd end = render({"--template-file",
                                   file,
                                   "--messages",
                                   "-",
                                   "--kwargs",
                                   R"({"mode": "fast"})",
                                   "--now",
                                   "2025-03-07T12:34:56",
                                   "--no-generation-prompt",
                                   "--bos-token",
                                   "<B>"},
                                  R"({"messages": [{"role": "user", "content": "Hi"}],
                                      "tools": [{"type": "function"}]})");
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.out, "<B>|Hi|False|fast|2025-03-07|1");
}

TEST(Template, GivesJson) {
    EXPECT_EQ(render({"--messages", "-", "--json"}).json(),
              (io::Json{{"text", "<s> [INST] Hi [/INST]"}}));
}

TEST(Template, AnswersALinePerRequest) {
    const TemporaryFolder folder;
    const std::string file =
        folder
            .write("t.jinja",
                   "{% if stop %}{{ raise_exception('no ' + stop) }}{% endif %}"
                   "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}")
            .string();
    const ProgramEnd end =
        render({"--template-file", file, "--jsonl", "--eos-token", "<E>"},
               "{\"messages\": [{\"content\": \"a\"}], \"bos_token\": \"<B>\"}\n"
               "{\"messages\": [{\"content\": \"b\"}], \"kwargs\": {\"stop\": \"way\"}}\n"
               "{\"messages\": [{\"content\": \"c\"}], \"tools\": null, \"now\": "
               "\"2025-03-07T12:34:56\"}\n"
               "{\"messages\": [], \"now\": \"today\"}\n"
               "[]\n");
    EXPECT_EQ(end.code, 0) << end.err;
    std::istringstream lines(end.out);
    std::vector<io::Json> answers;
    for (std::string line; std::getline(lines, line);) answers.push_back(io::Json::parse(line));
    ASSERT_EQ(answers.size(), 5u);
    EXPECT_EQ(answers[0]["text"], "<B>a<E>");
    EXPECT_TRUE(answers[1]["error"].get<std::string>().ends_with("no way")) << answers[1];
    EXPECT_EQ(answers[2]["text"], "c<E>");
    EXPECT_TRUE(answers[3]["error"].get<std::string>().starts_with("now: ")) << answers[3];
    EXPECT_TRUE(answers[4].contains("error"));
}

TEST(Template, AgreesWithEveryCaseOfARealTemplate) {
    GREENROOM_NEED_SHARED(folder, "templates");
    const std::string name = "mistralai-Mixtral-8x7B-Instruct-v0.1";
    const std::string cases = slurp(folder / (name + ".cases.jsonl"));
    const ProgramEnd end =
        render({"--template-file", (folder / (name + ".jinja")).string(), "--jsonl"}, cases);
    ASSERT_EQ(end.code, 0) << end.err;
    std::istringstream wanted(cases), got(end.out);
    int n = 0;
    for (std::string want_line, line; std::getline(wanted, want_line); ++n) {
        ASSERT_TRUE(std::getline(got, line));
        const io::Json want = io::Json::parse(want_line), have = io::Json::parse(line);
        EXPECT_EQ(have.contains("error"), want.contains("error")) << want_line;
        if (want.contains("expected") && !want.contains("lenient_expected")) {
            EXPECT_EQ(have["text"], want["expected"]);
        }
    }
    EXPECT_GT(n, 30);
}

TEST(Template, Hazard075_ATemplateThatNeverEndsIsOneLine) {
    const TemporaryFolder folder;
    const std::string file =
        folder.write("t.jinja", "{% for i in range(10**9) %}x{% endfor %}").string();
    const ProgramEnd end = render({"--template-file", file, "--messages", "-"});
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.out, "");
    EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
}

TEST(Template, Hazard161_SaysWhatIsMissingOrMalformed) {
    EXPECT_EQ(render({}).err, "greenroom template: needs --messages FILE or --jsonl\n");
    EXPECT_EQ(render({"--messages", "-", "--kwargs", "{"}).code, 2);
    EXPECT_EQ(render({"--messages", "-", "--kwargs", "[]"}).code, 2);
    EXPECT_EQ(render({"--messages", "-", "--now", "today"}).code, 2);
    EXPECT_EQ(render({"--messages", "no/such.json"}).code, 1);
    EXPECT_EQ(render({"--messages", "-"}, "{").code, 1);
    EXPECT_EQ(render({"--messages", "-"}, "5").code, 1);
    EXPECT_EQ(render({"--messages", "-", "--template-file", "no/such.jinja"}).code, 1);
}

}  // namespace
}  // namespace greenroom::tests
