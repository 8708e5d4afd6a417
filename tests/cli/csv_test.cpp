#include "cli/csv.hpp"

#include <gtest/gtest.h>

namespace greenroom::cli {
namespace {

io::Json row() {
    io::Json out = io::Json::object();
    out["none"] = nullptr;
    out["list"] = {1, 2};
    out["text"] = "a \"b\", c";
    out["number"] = 1.5;
    return out;
}

TEST(Csv, HasAFieldForEveryValueThatFitsACell) {
    EXPECT_EQ(csv_header(row()), "none,text,number\n");
    EXPECT_EQ(csv_line(row(), CsvText::quoted), ",\"a \"\"b\"\", c\",1.5\n");
}

TEST(Csv, WordsStandBareWhereAsked) {
    const io::Json words = {{"policy", "lru"}};
    EXPECT_EQ(csv_line(words, CsvText::bare), "lru\n");
}

}  // namespace
}  // namespace greenroom::cli
