#include "prefetch/routing_shape.hpp"

#include <gtest/gtest.h>

namespace greenroom::prefetch {
namespace {

TEST(RoutingShape, PassesOverLayersWithoutARouter) {
    const RoutingShape shape({0, 8, 0, 4}, 2);
    EXPECT_EQ(shape.after({7, 1}, 1), (Moment{7, 3}));
    EXPECT_EQ(shape.after({7, 3}, 1), (Moment{8, 1}));
    EXPECT_EQ(shape.after({7, 3}, 4), (Moment{9, 3}));
    EXPECT_EQ(shape.after({7, 3}, 0), (Moment{7, 3}));
    EXPECT_EQ(shape.after({7, 0}, 1), std::nullopt);
    EXPECT_EQ(shape.n_routing_layers(), 2u);
    EXPECT_EQ(shape.most_experts(), 8u);
}

TEST(RoutingShape, DistanceIsWhatAfterGoes) {
    const RoutingShape shape({0, 8, 0, 4, 4}, 2);
    for (std::size_t n = 1; n < 10; ++n) {
        const Moment from{3, 4};
        EXPECT_EQ(shape.distance(from, *shape.after(from, n)), n);
    }
    EXPECT_EQ(shape.distance({3, 4}, {3, 4}), std::nullopt);
    EXPECT_EQ(shape.distance({3, 4}, {3, 1}), std::nullopt);
    EXPECT_EQ(shape.distance({3, 4}, {2, 4}), std::nullopt);
    EXPECT_EQ(shape.distance({3, 4}, {4, 0}), std::nullopt);
}

TEST(RoutingShape, ADenseModelRoutesNothing) {
    const RoutingShape shape({0, 0}, 0);
    EXPECT_EQ(shape.after({0, 0}, 1), std::nullopt);
    EXPECT_EQ(shape.n_routing_layers(), 0u);
    EXPECT_EQ(RoutingShape({}, 0).most_experts(), 0u);
}

TEST(RoutingShape, ContainsWhatALayerHas) {
    const RoutingShape shape({0, 8, 4}, 2);
    EXPECT_TRUE(shape.contains({1, 7}));
    EXPECT_FALSE(shape.contains({2, 7}));
    EXPECT_FALSE(shape.contains({0, 0}));
    EXPECT_FALSE(shape.contains({3, 0}));
}

}  // namespace
}  // namespace greenroom::prefetch
