#include "runtime/text/jinja/library/filters.hpp"

#include <gtest/gtest.h>
#include <set>

namespace greenroom::runtime::jinja {
namespace {

TEST(Filters, AreFoundByName) {
    EXPECT_NE(find_filter("upper"), nullptr);
    EXPECT_NE(find_filter("selectattr"), nullptr);
    EXPECT_EQ(find_filter("Upper"), nullptr);
    EXPECT_EQ(find_filter(""), nullptr);
}

TEST(Filters, EveryNameIsThereOnce) {
    std::set<std::string_view> seen;
    for (const auto table :
         {text_filters(), sequence_filters(), selection_filters(), number_filters()}) {
        for (const NamedOperation& each : table)
            EXPECT_TRUE(seen.insert(each.name).second) << each.name;
    }
}

TEST(Filters, AnUnknownOneIsAnError) {
    Rendering run({}, 0);
    EXPECT_TRUE(apply_filter(run, "frobnicate", Value(), {}).is(Kind::undefined));
    EXPECT_EQ(run.meter.problem(), "no filter named 'frobnicate'");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
