#include <gtest/gtest.h>

#include "runtime/text/jinja/library/filters.hpp"
#include "tests/runtime/text/jinja/render.hpp"

namespace greenroom::runtime::jinja {
namespace {

using tests::rendered;

const io::Json kInput = {
    {"ms", {{{"role", "user"}, {"n", 1}}, {{"role", "tool"}, {"n", 0}}, {{"role", "user"}}}}};

TEST(SelectionFilters, Map) {
    EXPECT_EQ(
        rendered("{{ ms|map(attribute='role')|join(',') }} {{ ms|map(attribute='n', "
                 "default=9)|join(',') }} "
                 "{{ ['a', 'b']|map('upper')|join }} {{ ['aa']|map('replace', 'a', 'b')|join }}",
                 kInput),
        "user,tool,user 1,0,9 AB bb");
}

TEST(SelectionFilters, SelectAndReject) {
    EXPECT_EQ(rendered("{{ [0, 1, '', 'a']|select|list }} {{ [1, 2, 3]|select('odd')|list }} {{ "
                       "[1, 2, 3]|reject('gt', 1)|list }}"),
              "[1, 'a'] [1, 3] [1]");
}

TEST(SelectionFilters, ByAttribute) {
    EXPECT_EQ(
        rendered(
            "{{ ms|selectattr('role', 'equalto', 'user')|list|length }} {{ ms|rejectattr('role', "
            "'eq', 'user')|list|length }} "
            "{{ ms|selectattr('n')|list|length }} {{ ms|selectattr('n', 'defined')|list|length }} "
            "{{ ms|selectattr('role', 'in', ['tool'])|map(attribute='n')|join }}",
            kInput),
        "2 1 1 2 0");
}

TEST(SelectionFilters, NothingComesOfNothing) {
    EXPECT_EQ(
        rendered("{{ none|selectattr('a')|list }} {{ x|map('upper')|list }} {{ ''|select|list }}"),
        "[] [] []");
    EXPECT_EQ(rendered("{{ 5|select|list }}"),
              "chat template, line 1: 'int' object is not iterable");
}

TEST(SelectionFilters, NameWhatIsUnknown) {
    EXPECT_EQ(rendered("{{ [1]|map('nofilter')|list }}"),
              "chat template, line 1: no filter named 'nofilter'");
    EXPECT_EQ(rendered("{{ [1]|select('notest')|list }}"),
              "chat template, line 1: no test named 'notest'");
    EXPECT_EQ(rendered("{{ [1]|selectattr()|list }}"),
              "chat template, line 1: selectattr() takes an attribute");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
