#include "runtime/text/load/wire_reader.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>

#include "tests/runtime/text/load/small_files.hpp"

namespace greenroom::runtime {
namespace {

using namespace std::literals;

std::string error_of(std::string_view bytes) {
    WireReader reader(bytes);
    for (;;) {
        const auto field = reader.next();
        if (!field) return field.error().message;
        if (!*field) return "read";
    }
}

TEST(WireReader, ReadsEveryKindOfField) {
    const std::string bytes = tests::wire_number(3, 300) + tests::wire_bytes(40, "abc") +
                              "\x15\x01\x02\x03\x04" + "\x11\x01\0\0\0\0\0\0\x80"s;
    WireReader reader(bytes);
    auto field = *reader.next();
    EXPECT_EQ(field->number, 3u);
    EXPECT_EQ(field->value, 300u);
    field = *reader.next();
    EXPECT_EQ(field->number, 40u);
    EXPECT_TRUE(field->has_bytes);
    EXPECT_EQ(field->bytes, "abc");
    EXPECT_EQ((*reader.next())->value, 0x04030201u);
    EXPECT_EQ((*reader.next())->value, 0x8000000000000001u);
    EXPECT_FALSE(*reader.next());
}

TEST(WireReader, Hazard087_EndsInsideAField) {
    const std::string whole = tests::wire_number(3, 300) + tests::wire_bytes(40, "abc") +
                              "\x15\x01\x02\x03\x04" + "\x11\x01\0\0\0\0\0\0\x80"s;
    const std::size_t between[] = {0, 3, 9, 14, 23};
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const bool complete = std::ranges::find(between, cut) != std::end(between);
        EXPECT_EQ(error_of(std::string_view(whole).substr(0, cut)) == "read", complete) << cut;
    }
}

TEST(WireReader, Hazard087_MalformedFields) {
    EXPECT_EQ(error_of("\x00"sv), "a field has no valid number");
    EXPECT_EQ(error_of("\x0B"sv), "field 1 is of wire type 3");
    EXPECT_EQ(error_of("\x0F"sv), "field 1 is of wire type 7");
    EXPECT_EQ(error_of("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv),
              "a field has no valid number");
    // A length of 2^64 - 1, which wraps when something is added to it.
    EXPECT_EQ(error_of("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv),
              "field 1 ends after the file");
}

}  // namespace
}  // namespace greenroom::runtime
