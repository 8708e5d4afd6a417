// Templates that would hang, exhaust or escape an interpreter with no budget.
#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>

#include "runtime/text/chat_template.hpp"
#include "tests/runtime/text/jinja/cases.hpp"

namespace greenroom::runtime {
namespace {

std::string source_of(const io::Json& test_case) {
    if (test_case.contains("template")) return test_case["template"].get<std::string>();
    std::string out;
    for (const io::Json& segment : test_case["segments"]) {
        for (int i = segment[1].get<int>(); i > 0; --i) out += segment[0].get<std::string>();
    }
    return out;
}

io::Result<Rendered> render(const std::string& source, const io::Json& context) {
    auto parsed = ChatTemplate::parse(source);
    if (!parsed) return parsed.error();
    TemplateInput input;
    input.kwargs = context;
    input.now = 0;
    return parsed->render(input);
}

// Empty, or what is wrong with the outcome.
std::string disagreement(const io::Json& test_case, const io::Result<Rendered>& rendered) {
    const auto outcome = test_case["outcome"].get<std::string>();
    if (!rendered) {
        const std::string& message = rendered.error().message;
        return message.find('\n') == std::string::npos ? "" : "an error of several lines";
    }
    if (outcome == "error") return "renders instead of failing";
    if (outcome == "any") return {};
    if (test_case.contains("expected_len")) {
        return rendered->text.size() == test_case["expected_len"].get<std::size_t>()
                   ? ""
                   : "wrong length";
    }
    return rendered->text == test_case["expected"].get<std::string>() ? ""
                                                                      : "gives " + rendered->text;
}

class HostileTemplates : public testing::Test {
 protected:
    // Runs the cases whose name passes; the time is what the machine shows, so it is only reported
    // and the step budget is what bounds it.
    template <class Wanted>
    void run(Wanted wanted) {
        GREENROOM_NEED_REFERENCE(path, "templates/hostile.cases.jsonl");
        for (const io::Json& test_case : tests::json_lines(path)) {
            const auto name = test_case["name"].get<std::string>();
            if (!wanted(name)) continue;
            ++n_run_;
            const io::Json context = test_case.value("context", io::Json::object());
            const auto start = std::chrono::steady_clock::now();
            const io::Result<Rendered> rendered = render(source_of(test_case), context);
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - start;
            slowest_ms_ = std::max(slowest_ms_, took.count());
            EXPECT_EQ(disagreement(test_case, rendered), "") << name;
        }
        RecordProperty("slowest_ms", std::to_string(slowest_ms_));
    }

    int n_run_ = 0;
    double slowest_ms_ = 0;
};

bool reaches_out(const std::string& name) {
    return name.starts_with("escape") || name == "include" || name == "import" ||
           name == "extends" || name == "from_import";
}

TEST_F(HostileTemplates, Hazard075_EndInTimeAndWithinTheirMemory) {
    run([](const std::string& name) { return !reaches_out(name); });
    EXPECT_GE(n_run_, 90);
}

TEST_F(HostileTemplates, Hazard076_ReachNothingOutsideOfTheConversation) {
    run(reaches_out);
    EXPECT_GE(n_run_, 40);
}

}  // namespace
}  // namespace greenroom::runtime
