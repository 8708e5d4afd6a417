#include "cache/key_list.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::cache {
namespace {

constexpr io::ExpertKey kA{0, 0}, kB{0, 1}, kC{1, 0};

std::vector<io::ExpertKey> keys(const KeyList& list) {
    std::vector<io::ExpertKey> out;
    for (auto at = list.front(); at; at = list.next(*at)) out.push_back(*at);
    EXPECT_EQ(out.size(), list.size());
    return out;
}

using Keys = std::vector<io::ExpertKey>;

TEST(KeyList, KeepsItsOrderThroughChangesAtBothEndsAndInside) {
    KeyList list;
    EXPECT_EQ(keys(list), Keys{});
    for (const io::ExpertKey key : {kA, kB, kC}) list.push_back(key);
    EXPECT_EQ(keys(list), (Keys{kA, kB, kC}));
    list.move_to_back(kA);
    EXPECT_EQ(keys(list), (Keys{kB, kC, kA}));
    list.erase(kC);
    EXPECT_EQ(keys(list), (Keys{kB, kA}));
    list.erase(kA);
    EXPECT_EQ(keys(list), Keys{kB});
    list.erase(kB);
    EXPECT_EQ(keys(list), Keys{});
    list.push_back(kC);
    EXPECT_EQ(keys(list), Keys{kC});
}

TEST(KeyList, ErasingWhatIsNotThereChangesNothing) {
    KeyList list;
    list.push_back(kA);
    list.erase(kB);
    list.erase({9, 9});
    EXPECT_EQ(keys(list), Keys{kA});
    EXPECT_FALSE(list.contains(kB));
}

TEST(KeyList, SkipsPinnedKeys) {
    KeyList list;
    for (const io::ExpertKey key : {kA, kB, kC}) list.push_back(key);
    EXPECT_EQ(list.first_free({}), kA);
    EXPECT_EQ(list.first_free({kA, kB}), kC);
    EXPECT_EQ(list.first_free({kA, kB, kC}), std::nullopt);
}

}  // namespace
}  // namespace greenroom::cache
