#include "runtime/lab/trace.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "tests/support/toy_trace.hpp"

namespace greenroom::runtime {
namespace {

TEST(Trace, ListsDistinctExpertsInOrderOfLastUse) {
    Trace trace = tests::toy_trace();
    trace.experts = {3, 1, 3, 0, 1, 1};
    trace.events = {{.layer = 2, .first_row = 0, .n_rows = 6}};
    std::vector<io::ExpertKey> keys = {{9, 9}};
    distinct_experts(trace, trace.events[0], keys);
    EXPECT_EQ(keys, (std::vector<io::ExpertKey>{{2, 3}, {2, 0}, {2, 1}}));
}

TEST(Trace, KnowsASizeForEveryExpert) {
    const auto sizes = tests::full_toy_trace().expert_sizes();
    EXPECT_EQ(*sizes.find({1, 1}), 7u);
    EXPECT_EQ(*sizes.find({2, 3}), 1u);
}

TEST(Trace, WholeOnesPass) {
    EXPECT_TRUE(check_trace(tests::toy_trace()));
    EXPECT_TRUE(check_trace(tests::full_toy_trace()));
}

TEST(Trace, Hazard167_WhatLiesOutOfRangeIsNamed) {
    using Change = std::function<void(Trace&)>;
    const std::pair<const char*, Change> cases[] = {
        {"0 layers", [](Trace& t) { t.n_layers = 0; }},
        {"in each of 3 layers", [](Trace& t) { t.n_experts = 0x10000; }},
        {"experts for each token", [](Trace& t) { t.experts_per_token = 5; }},
        {"no events", [](Trace& t) { t.events.clear(); }},
        {"layer 3", [](Trace& t) { t.events[1].layer = 3; }},
        {"event 1: 0 rows", [](Trace& t) { t.events[1].n_rows = 0; }},
        {"event 1: 2 rows from 3", [](Trace& t) { t.events[1].first_row = 3; }},
        {"there are 30 experts", [](Trace& t) { t.events.pop_back(); }},
        {"event 2", [](Trace& t) { t.events[2].n_tokens = 6; }},
        {"expert 4", [](Trace& t) { t.experts[7] = 4; }},
        {"weight nan", [](Trace& t) { t.weights[7] = std::nanf(""); }},
        {"outcomes", [](Trace& t) { t.outcomes.pop_back(); }},
        {"not every expert has a size", [](Trace& t) { t.expert_bytes.pop_back(); }},
        {"larger than any machine", [](Trace& t) { t.expert_bytes[0] = ~0ull; }},
        {"prediction 1", [](Trace& t) { t.predictions[1].layer = 3; }},
        {"prediction 2", [](Trace& t) { t.predictions[2].event = 0; }},
        {"prediction 3", [](Trace& t) { t.predictions[3].n_guesses = 99; }},
        {"guess 3: expert 9", [](Trace& t) { t.guess_experts[3] = 9; }},
        {"probabilities", [](Trace& t) { t.guess_probabilities.pop_back(); }},
    };
    for (const auto& [expected, change] : cases) {
        Trace trace = tests::full_toy_trace();
        change(trace);
        const auto checked = check_trace(trace);
        ASSERT_FALSE(checked) << expected;
        EXPECT_NE(checked.error().message.find(expected), std::string::npos)
            << checked.error().message;
    }
}

}  // namespace
}  // namespace greenroom::runtime
