#include "runtime/text/jinja/values/meter.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

constexpr TemplateLimits kSmall{.steps = 10, .output_bytes = 100, .memory_bytes = 1000, .depth = 3};

TEST(Meter, RefusesTheStepPastTheLimit) {
    Meter meter(kSmall);
    EXPECT_TRUE(meter.spend(10));
    EXPECT_FALSE(meter.spend(1));
    EXPECT_EQ(meter.problem(), "takes more than 10 steps");
}

TEST(Meter, CountsBytesUntilTheyMakeAStep) {
    Meter meter(kSmall);
    for (int i = 0; i < 10 * 128; ++i) EXPECT_TRUE(meter.spend_bytes(1)) << i;
    EXPECT_TRUE(meter.spend_bytes(127));
    EXPECT_FALSE(meter.spend_bytes(1));
}

TEST(Meter, CharactersCostMoreThanBytes) {
    Meter meter(kSmall);
    EXPECT_TRUE(meter.spend_characters(160));
    EXPECT_FALSE(meter.spend_characters(16));
}

TEST(Meter, MemoryThatWasLetGoCanBeHeldAgain) {
    Meter meter(kSmall);
    meter.hold(900);
    meter.let_go(900);
    meter.hold(1000);
    EXPECT_FALSE(meter.failed());
    meter.hold(1);
    EXPECT_EQ(meter.problem(), "holds more than 1000 bytes of values");
}

TEST(Meter, BoundsOneTextAndTheNestingOfValues) {
    Meter text(kSmall);
    EXPECT_TRUE(text.fits(100));
    EXPECT_FALSE(text.fits(101));
    Meter values(kSmall);
    EXPECT_TRUE(values.nests(3));
    EXPECT_FALSE(values.nests(4));
}

TEST(Meter, KeepsTheFirstProblemAndRefusesEverythingAfterIt) {
    Meter meter(kSmall);
    meter.fail("first");
    meter.fail("second");
    meter.raise("third");
    EXPECT_EQ(meter.problem(), "first");
    EXPECT_FALSE(meter.raised());
    EXPECT_FALSE(meter.spend(0));
    EXPECT_FALSE(meter.fits(0));
    EXPECT_FALSE(meter.nests(0));
}

TEST(Meter, TellsWhatTheTemplateRaisedFromWhatWentWrong) {
    Meter meter(kSmall);
    meter.raise("roles must alternate");
    EXPECT_TRUE(meter.failed());
    EXPECT_TRUE(meter.raised());
    EXPECT_EQ(meter.problem(), "roles must alternate");
}

}  // namespace
}  // namespace greenroom::runtime::jinja
