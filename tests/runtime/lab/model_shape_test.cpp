#include "runtime/lab/model_shape.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime {
namespace {

TEST(ModelShape, EveryShapeIsSound) {
    for (const ModelShape& shape : model_shapes()) {
        const auto sound = check_hyperparameters(shape.numbers, std::string(shape.name));
        EXPECT_TRUE(sound) << sound.error().message;
        EXPECT_EQ(find_model_shape(shape.name), &shape);
    }
}

TEST(ModelShape, UnknownNamesHaveNone) {
    EXPECT_EQ(find_model_shape("mixtral"), nullptr);
}

}  // namespace
}  // namespace greenroom::runtime
