#include <gtest/gtest.h>

#include "runtime/text/jinja/library/methods.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

TEST(ContainerMethods, ReadDicts) {
    EXPECT_EQ(rendered("{% set d = {'a': 1, 'b': 2} %}{{ d.keys()|list }} {{ d.values()|list }} "
                       "{{ d.items()|list }} {{ d.get('a') }} {{ d.get('x') }} {{ d.get('x', 3) }} "
                       "{{ d.copy() }}"),
              "['a', 'b'] [1, 2] [('a', 1), ('b', 2)] 1 None 3 {'a': 1, 'b': 2}");
}

TEST(ContainerMethods, ReadLists) {
    EXPECT_EQ(rendered("{{ [1, 2, 1].index(2) }} {{ [1, 2, 1].count(1) }}"), "1 2");
    EXPECT_EQ(rendered("{{ [1].index(2) }}"),
              "chat template, line 1: the value is not in the list");
}

TEST(ContainerMethods, ChangeWhatTheTemplateMade) {
    EXPECT_EQ(rendered("{% set l = [1] %}{{ l.append(2) }}{{ l.append(3) }} {{ l.pop(0) }}{{ "
                       "l.pop() }} {{ l }}"),
              "NoneNone 13 [2]");
    EXPECT_EQ(rendered("{% set d = {'a': 1} %}{{ d.update({'b': 2}, c=3) }} {{ d.pop('a') }} {{ "
                       "d.pop('x', 0) }} {{ d }}"),
              "None 1 0 {'b': 2, 'c': 3}");
    EXPECT_EQ(rendered("{% set l = x[1:] %}{{ l.append(4) }}{{ l }} {{ x }}", {{"x", {1, 2}}}),
              "None[2, 4] [1, 2]");
    EXPECT_EQ(rendered("{{ [].pop() }}"), "chat template, line 1: pop index out of range");
    EXPECT_EQ(rendered("{{ {}.pop(1) }}"),
              "chat template, line 1: pop() of a key that is not there");
}

TEST(ContainerMethods, Hazard076_NeverChangeTheConversation) {
    const io::Json input = {{"l", {1, {2}}}, {"d", {{"a", {{"b", 1}}}}}};
    for (const char* call : {"l.append(1)",
                             "l.pop()",
                             "l[1].append(1)",
                             "d.update({'x': 1})",
                             "d.pop('a')",
                             "d.a.update(x=1)"}) {
        const std::string message = rendered("{{ " + std::string(call) + " }}", input);
        EXPECT_TRUE(message.ends_with("that the template did not make")) << call << ": " << message;
    }
}

TEST(ContainerMethods, Hazard075_AListThatHoldsItselfEnds) {
    EXPECT_EQ(rendered("{% set l = [] %}{{ l.append(l) }}{{ l|length }}"), "None1");
    EXPECT_EQ(rendered("{% set l = [] %}{{ l.append(l) }}{{ l == [l] }}"),
              "chat template, line 1: nests values deeper than 200 levels");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
