#include "runtime/text/jinja/values/heap.hpp"

#include <gtest/gtest.h>

namespace greenroom::runtime::jinja {
namespace {

// Counts the nodes alive; may refer to another.
struct Node final : Object {
    explicit Node(int& alive, std::size_t bytes = 10) : alive(alive), bytes(bytes) { ++alive; }
    ~Node() override { --alive; }
    std::size_t footprint() const override { return bytes; }
    void clear() override { next = {}; }

    int& alive;
    std::size_t bytes;
    Ref<Node> next;
};

TEST(Heap, ObjectsGoWithTheirLastReference) {
    Meter meter(TemplateLimits{});
    Heap heap(meter);
    int alive = 0;
    Ref<Node> a = heap.make<Node>(alive);
    Ref<Node> b = a;
    a = {};
    EXPECT_EQ(alive, 1);
    b = {};
    EXPECT_EQ(alive, 0);
}

TEST(Heap, GivesBackWhatObjectsHeld) {
    Meter meter({.memory_bytes = 100});
    Heap heap(meter);
    int alive = 0;
    for (int i = 0; i < 1000; ++i) heap.make<Node>(alive, 60);
    EXPECT_FALSE(meter.failed());
    const Ref<Node> kept = heap.make<Node>(alive, 60);
    const Ref<Node> too_much = heap.make<Node>(alive, 60);
    EXPECT_TRUE(meter.failed());
}

TEST(Heap, CountsWhatAnObjectGrewBy) {
    Meter meter({.memory_bytes = 100});
    Heap heap(meter);
    int alive = 0;
    const Ref<Node> node = heap.make<Node>(alive, 60);
    node->bytes = 100;
    heap.settle(*node);
    EXPECT_FALSE(meter.failed());
    node->bytes = 101;
    heap.settle(*node);
    EXPECT_TRUE(meter.failed());
}

// A million levels would need a million stack frames if each destructor called the next.
TEST(Heap, Hazard075_ADeepChainGoesWithoutADeepStack) {
    Meter meter(TemplateLimits{});
    Heap heap(meter);
    int alive = 0;
    Ref<Node> first = heap.make<Node>(alive);
    for (int i = 0; i < 1'000'000; ++i) {
        Ref<Node> before = heap.make<Node>(alive);
        before->next = first;
        first = before;
    }
    EXPECT_EQ(alive, 1'000'001);
    first = {};
    EXPECT_EQ(alive, 0);
}

TEST(Heap, Hazard075_CyclesGoWithTheHeap) {
    Meter meter(TemplateLimits{});
    int alive = 0;
    {
        Heap heap(meter);
        const Ref<Node> a = heap.make<Node>(alive);
        const Ref<Node> b = heap.make<Node>(alive);
        a->next = b;
        b->next = a;
        const Ref<Node> own = heap.make<Node>(alive);
        own->next = own;
        heap.make<Node>(alive)->next = a;
    }
    EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace greenroom::runtime::jinja
