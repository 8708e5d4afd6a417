#include "io/disk/aligned_range.hpp"

#include <gtest/gtest.h>

namespace greenroom::io {
namespace {

TEST(AlignedRange, CoversTheRangeWithWholeSectors) {
    for (const std::uint64_t offset : {0, 1, 4095, 4096, 5000}) {
        for (const std::uint64_t bytes : {0, 1, 4095, 4096, 4097, 10'000}) {
            const AlignedRange wide = widen({0, offset, bytes});
            EXPECT_EQ(wide.offset % kDiskAlignment, 0u);
            EXPECT_EQ(wide.bytes % kDiskAlignment, 0u);
            EXPECT_EQ(wide.offset + wide.skip, offset);
            EXPECT_GE(wide.bytes, wide.skip + bytes);
            EXPECT_LT(wide.bytes, wide.skip + bytes + kDiskAlignment);
        }
    }
}

}  // namespace
}  // namespace greenroom::io
