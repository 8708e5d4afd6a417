#include "kernels/require.hpp"

#include <gtest/gtest.h>

namespace greenroom::kernels {
namespace {

TEST(Require, PassesWhatHolds) {
    require(true, "never printed");
}

TEST(RequireDeathTest, SaysWhatWasBrokenAndEndsTheProcess) {
    EXPECT_DEATH(require(false, "rows 3, expected 4"), "broken contract: rows 3, expected 4");
}

}  // namespace
}  // namespace greenroom::kernels
