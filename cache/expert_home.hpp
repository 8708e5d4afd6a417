// Where an expert's matrices lie in a model's files, and how they lie in a slot of memory once they
// have been read. Knows no tier.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "io/disk/aligned_range.hpp"
#include "io/file_range.hpp"
#include "kernels/expert_ffn.hpp"
#include "kernels/matrix.hpp"

namespace greenroom::cache {

// One matrix (rows, cols), or one vector (1, cols), at home on disk.
struct MatrixHome {
    io::FileRange range;
    kernels::BlockType type = kernels::BlockType::f32;
    std::int64_t rows = 0;
    std::int64_t cols = 0;
};

struct ExpertHome {
    MatrixHome gate, up, down;
    std::uint64_t bytes() const { return gate.range.bytes + up.range.bytes + down.range.bytes; }
    std::array<const MatrixHome*, 3> matrices() const { return {&gate, &up, &down}; }
};

// A slot holds the three ranges one after the other, each widened to the sectors it is read in.
struct SlotLayout {
    std::array<std::uint64_t, 3> begin = {};  // of each widened range
    std::uint64_t bytes = 0;
};

inline SlotLayout slot_layout(const ExpertHome& home) {
    SlotLayout layout;
    for (std::size_t i = 0; i < 3; ++i) {
        layout.begin[i] = layout.bytes;
        layout.bytes += io::widen(home.matrices()[i]->range).bytes;
    }
    return layout;
}

// The expert's matrices in a slot that begins at `slot`.
inline kernels::ExpertWeights weights_in(const ExpertHome& home, const std::byte* slot) {
    const SlotLayout layout = slot_layout(home);
    const auto matrix = [&](std::size_t i) {
        const MatrixHome& m = *home.matrices()[i];
        return kernels::Matrix{
            slot + layout.begin[i] + io::widen(m.range).skip, m.type, m.rows, m.cols};
    };
    return {matrix(0), matrix(1), matrix(2)};
}

}  // namespace greenroom::cache
