#include "cli/recording.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_model.hpp"

namespace greenroom::cli {
namespace {

TEST(Recording, IsNoneWhereNoFileIsAskedFor) {
    runtime::Engine engine;
    const auto recording = begin_recording({}, engine);
    ASSERT_TRUE(recording);
    EXPECT_EQ(*recording, nullptr);
    EXPECT_TRUE(finish_recording(*recording, {}));
}

TEST(Recording, RefusesModelsThatRouteNothing) {
    runtime::Engine engine;
    engine.model =
        std::make_unique<tests::FakeModel>(tests::FakeModel::Shape{}, [](auto) { return 0; });
    runtime::Settings settings;
    settings.trace.file = "/nowhere/t";
    const auto recording = begin_recording(settings, engine);
    ASSERT_FALSE(recording);
    EXPECT_NE(recording.error().message.find("without experts"), std::string::npos);
}

}  // namespace
}  // namespace greenroom::cli
