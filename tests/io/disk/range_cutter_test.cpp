#include "io/disk/range_cutter.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace greenroom::io {
namespace {

TEST(RangeCutter, CoversEveryPieceOnceInWholeSectors) {
    std::vector<std::byte> memory(200'000);
    for (const std::uint64_t chunk : {4096u, 8192u, 65536u}) {
        const BatchPiece pieces[] = {{{0, 5'000, 60'000}, memory.data()},
                                     {{3, 4'096, 1}, memory.data() + 100'000}};
        RangeCutter cutter(pieces, chunk);
        for (const BatchPiece& piece : pieces) {
            const AlignedRange whole = widen(piece.from);
            std::uint64_t at = 0;
            while (at < whole.bytes) {
                ASSERT_FALSE(cutter.done());
                const Cut cut = cutter.next();
                EXPECT_EQ(cut.file, piece.from.file);
                EXPECT_EQ(cut.offset, whole.offset + at);
                EXPECT_EQ(cut.to.data(), piece.to + at);
                EXPECT_EQ(cut.to.size() % kDiskAlignment, 0u);
                EXPECT_LE(cut.to.size(), chunk);
                EXPECT_EQ(
                    cut.needed,
                    std::min(cut.to.size(), piece.from.offset + piece.from.bytes - cut.offset));
                at += cut.to.size();
            }
            EXPECT_EQ(at, whole.bytes);
        }
        EXPECT_TRUE(cutter.done());
    }
}

TEST(RangeCutter, LeavesEmptyPiecesOut) {
    const BatchPiece pieces[] = {{{0, 4'097, 0}, nullptr}, {{0, 0, 1}, nullptr}};
    RangeCutter cutter(pieces, 4096);
    EXPECT_EQ(cutter.next().needed, 1u);
    EXPECT_TRUE(cutter.done());
}

TEST(RangeCutter, CutsNothingMoreWhenStopped) {
    const BatchPiece piece{{0, 0, 100'000}, nullptr};
    RangeCutter cutter({&piece, 1}, 4096);
    cutter.next();
    cutter.stop();
    EXPECT_TRUE(cutter.done());
}

// A read of more than 2 GiB would come back short on Linux.
TEST(RangeCutter, Hazard105_NoReadIsLargerThanAChunk) {
    auto* const somewhere = reinterpret_cast<std::byte*>(4096);  // never touched
    const BatchPiece piece{{0, 1, std::uint64_t{5} << 30}, somewhere};
    RangeCutter cutter({&piece, 1}, 1 << 21);
    std::uint64_t sum = 0;
    while (!cutter.done()) {
        const Cut cut = cutter.next();
        EXPECT_LE(cut.to.size(), std::size_t{1} << 21);
        sum += cut.needed;
    }
    EXPECT_EQ(sum, (std::uint64_t{5} << 30) + 1);
}

}  // namespace
}  // namespace greenroom::io
