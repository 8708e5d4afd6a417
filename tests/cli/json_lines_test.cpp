#include "cli/json_lines.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

TEST(RequestFields, ReadsWhatIsThereAndDefaultsTheRest) {
    const io::Json request = {
        {"flag", true}, {"text", "x"}, {"ids", {1, 2}}, {"nothing", nullptr}, {"any", {{"a", 1}}}};
    RequestFields fields(request);
    EXPECT_TRUE(fields.boolean("flag", false));
    EXPECT_TRUE(fields.boolean("absent", true));
    EXPECT_FALSE(fields.boolean("nothing", false));
    EXPECT_EQ(fields.text("text"), "x");
    EXPECT_EQ(fields.text("absent"), "");
    EXPECT_EQ(fields.ids("ids"), (std::vector<std::int32_t>{1, 2}));
    EXPECT_EQ(fields.value("any"), (io::Json{{"a", 1}}));
    EXPECT_TRUE(fields.value("absent").is_null());
    EXPECT_EQ(fields.problem(), "");
}

TEST(RequestFields, NamesTheFirstFieldOfTheWrongKind) {
    const io::Json request = {{"flag", 1}, {"text", 5}, {"ids", {1, "2"}}};
    RequestFields fields(request);
    fields.boolean("flag", false);
    fields.text("text");
    EXPECT_EQ(fields.problem(), "flag: expected true or false");
    for (const io::Json& bad :
         {io::Json(nullptr), io::Json("1"), io::Json{1.5}, io::Json{-1}, io::Json{4294967296}}) {
        const io::Json other = {{"ids", bad}};
        RequestFields ids(other);
        ids.ids("ids");
        EXPECT_EQ(ids.problem(), "ids: expected an array of token ids") << bad;
    }
}

TEST(RequestFields, RefusesWhatIsNoObject) {
    const io::Json request = {1, 2};
    RequestFields fields(request);
    EXPECT_EQ(fields.text("text"), "");
    EXPECT_EQ(fields.problem(), "expected an object");
}

}  // namespace
}  // namespace greenroom::cli
