#include "runtime/model/op_times.hpp"

#include <gtest/gtest.h>
#include <set>

namespace greenroom::runtime {
namespace {

TEST(OpTimes, EveryOpHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < kOps; ++i) names.insert(name(static_cast<Op>(i)));
    EXPECT_EQ(names.size(), kOps);
    EXPECT_EQ(name(Op::output), "output");
}

TEST(OpTimes, AProductReadsItsMatrixOnceAndMultipliesForEveryToken) {
    const kernels::Matrix w{
        .data = nullptr, .type = kernels::BlockType::q8_0, .rows = 3, .cols = 64};
    EXPECT_EQ(work_of(w, 5).bytes, 3u * 2 * 34);
    EXPECT_EQ(work_of(w, 5).products, 3u * 64 * 5);
}

TEST(OpTimes, ATimerAddsToItsOpAlone) {
    OpTotals totals = {};
    for (int i = 0; i < 2; ++i) const OpTimer timer(&totals, Op::rope, {.bytes = 7});
    const OpTotal& rope = totals[static_cast<std::size_t>(Op::rope)];
    EXPECT_EQ(rope.calls, 2u);
    EXPECT_EQ(rope.work.bytes, 14u);
    EXPECT_GE(rope.seconds, 0);
    EXPECT_EQ(totals[static_cast<std::size_t>(Op::norm)].calls, 0u);
    const OpTimer nothing(nullptr, Op::rope);
}

}  // namespace
}  // namespace greenroom::runtime
