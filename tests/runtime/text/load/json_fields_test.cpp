#include "runtime/text/load/json_fields.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

const io::Json kObject = {{"text", "a"}, {"flag", true}, {"none", nullptr}, {"list", {1, 2}}};

TEST(JsonFields, AbsentAndNullAreTheSame) {
    EXPECT_EQ(find_field(kObject, "none"), nullptr);
    EXPECT_EQ(find_field(kObject, "other"), nullptr);
    EXPECT_EQ(find_field(io::Json::array(), "text"), nullptr);
    EXPECT_EQ(*text_field(kObject, "none", "x"), std::nullopt);
    EXPECT_EQ(*flag_field(kObject, "other", "x"), std::nullopt);
}

TEST(JsonFields, HaveTheirTypesChecked) {
    EXPECT_EQ(*text_field(kObject, "text", "x"), "a");
    EXPECT_EQ(*flag_field(kObject, "flag", "x"), true);
    EXPECT_EQ(text_field(kObject, "flag", "x").error().message,
              "x: flag is true; expected a string");
    EXPECT_EQ(text_field(kObject, "list", "x").error().message,
              "x: list is an array; expected a string");
    EXPECT_EQ(flag_field(kObject, "text", "x").error().message,
              "x: text is \"a\"; expected true or false");
}

TEST(JsonFields, TokenIdsAreBounded) {
    EXPECT_EQ(as_token_id(0u), 0);
    EXPECT_EQ(as_token_id(1048575u), 1048575);
    EXPECT_EQ(as_token_id(1048576u), std::nullopt);
    EXPECT_EQ(as_token_id(-1), std::nullopt);
    EXPECT_EQ(as_token_id(1.0), std::nullopt);
    EXPECT_EQ(as_token_id("1"), std::nullopt);
}

TEST(JsonFields, MessagesStayShortAndPrintable) {
    const io::Json value = std::string(1'000'000, '\x1b');
    const auto error = wrong_field("k", value, "less", "x");
    EXPECT_LT(error.message.size(), 500u);
    EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace greenroom::runtime
