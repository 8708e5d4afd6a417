#include "runtime/text/space_mark.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(SpaceMark, StandsForSpacesOnly) {
    EXPECT_EQ(mark_spaces(" a  b\tc"), "▁a▁▁b\tc");
    EXPECT_EQ(unmark_spaces("▁a▁▁b▁"), " a  b ");
    EXPECT_EQ(mark_spaces(""), "");
    EXPECT_EQ(unmark_spaces("\xE2\x96"), "\xE2\x96");
}

}  // namespace
}  // namespace greenroom::runtime
