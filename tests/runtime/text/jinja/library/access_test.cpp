#include "runtime/text/jinja/library/access.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

const io::Json kInput = {{"d", {{"x", 1}, {"items", 2}}}, {"l", {1, 2}}, {"s", "zó"}};

TEST(Access, ReachesKeysIndicesAndCharacters) {
    EXPECT_EQ(
        rendered("{{ d.x }}{{ d['x'] }} {{ l[0] }}{{ l[-1] }}{{ l[true] }} {{ s[1] }}{{ s[-2] }}",
                 kInput),
        "11 122 óz");
}

TEST(Access, AMethodHidesAKeyOfItsNameFromTheDotOnly) {
    EXPECT_EQ(
        rendered("{{ d.items is callable }} {{ d['items'] }} {{ d['get'] is callable }}", kInput),
        "True 2 True");
}

TEST(Access, WhatIsNotThereIsUndefined) {
    EXPECT_EQ(rendered("{{ d.y }}{{ d['y'] }}{{ d[0] }}{{ l[9] }}{{ l['a'] }}{{ s[9] }}{{ s[-9] }}"
                       "{{ (5)[0] }}{{ none.x }}{{ l[18446744073709551615] }}|",
                       kInput),
              "|");
}

TEST(Access, InsideOfTheUndefinedIsNothing) {
    EXPECT_EQ(rendered("{{ d.y.z }}", kInput),
              "chat template, line 1: 'dict object' has no attribute 'y'");
    EXPECT_EQ(rendered("{{ l[9][0] }}", kInput), "chat template, line 1: list index out of range");
    EXPECT_EQ(rendered("{{ nothing['x'] }}"), "chat template, line 1: 'nothing' is undefined");
}

TEST(Access, DottedPathsAreAttributesAndIndices) {
    EXPECT_EQ(rendered("{{ [{'a': {'b': [1, 2]}}]|map(attribute='a.b.1')|join }}"), "2");
    EXPECT_EQ(rendered("{{ [[1, 2]]|map(attribute=1)|join }}"), "2");
}

TEST(Access, Hazard076_ReachesNoInsidesOfTheInterpreter) {
    for (const char* what :
         {"''", "[]", "{}", "1", "none", "range", "namespace()", "''.join", "dict"}) {
        for (const char* name :
             {"__class__", "__init__", "__globals__", "__subclasses__", "_x", "mro"}) {
            const std::string path = "(" + std::string(what) + ")." + name;
            EXPECT_EQ(rendered("{{ " + path + " is defined }}"), "False") << path;
            EXPECT_FALSE(tests::render("{{ " + path + ".x }}")) << path;
            EXPECT_FALSE(tests::render("{{ " + path + "() }}")) << path;
        }
    }
}

}  // namespace
}  // namespace greenroom::runtime::jinja
