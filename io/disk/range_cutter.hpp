// Cuts ranges of files into reads of bounded size, one after the other, as there is room for them.
// Knows no queue.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "io/disk/aligned_range.hpp"
#include "io/file_range.hpp"

namespace greenroom::io {

// One range to be read. `to` begins at a multiple of kDiskAlignment and has room for
// widen(from).bytes; the range's own bytes begin at to + widen(from).skip.
struct BatchPiece {
    FileRange from;
    std::byte* to = nullptr;
};

// Whole sectors of one file.
struct Cut {
    std::uint32_t file = 0;
    std::uint64_t offset = 0;
    std::span<std::byte> to;
    std::uint64_t needed = 0;  // bytes from offset on that were asked for: the file may end there
};

class RangeCutter {
 public:
    static constexpr std::size_t kMostPieces = 4;

    // Contract: at most kMostPieces; `chunk_bytes` is a multiple of kDiskAlignment.
    RangeCutter(std::span<const BatchPiece> pieces, std::uint64_t chunk_bytes);

    bool done() const { return piece_ == n_pieces_; }
    // Contract: not done().
    Cut next();
    // Nothing more is wanted.
    void stop() { piece_ = n_pieces_; }

 private:
    std::array<BatchPiece, kMostPieces> pieces_;
    std::size_t n_pieces_ = 0, piece_ = 0;
    std::uint64_t chunk_bytes_;
    std::uint64_t cut_bytes_ = 0;  // of the piece that is being cut
};

}  // namespace greenroom::io
