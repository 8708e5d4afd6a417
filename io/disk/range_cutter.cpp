#include "io/disk/range_cutter.hpp"

#include <algorithm>

namespace greenroom::io {

RangeCutter::RangeCutter(std::span<const BatchPiece> pieces, std::uint64_t chunk_bytes)
    : chunk_bytes_(chunk_bytes) {
    for (const BatchPiece& piece : pieces) {
        if (piece.from.bytes > 0) pieces_[n_pieces_++] = piece;
    }
}

Cut RangeCutter::next() {
    const BatchPiece& piece = pieces_[piece_];
    const AlignedRange whole = widen(piece.from);
    const std::uint64_t at = cut_bytes_, offset = whole.offset + at;
    const std::uint64_t bytes = std::min(chunk_bytes_, whole.bytes - at);
    const std::uint64_t end = piece.from.offset + piece.from.bytes;
    cut_bytes_ += bytes;
    if (cut_bytes_ == whole.bytes) {
        ++piece_;
        cut_bytes_ = 0;
    }
    return {piece.from.file, offset, {piece.to + at, bytes}, std::min(bytes, end - offset)};
}

}  // namespace greenroom::io
