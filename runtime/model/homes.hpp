// Where every matrix of a model lies in its files, checked against the model's numbers. Reads no
// weights: the loader and, for experts, the cache do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/model_files.hpp"
#include "kernels/matrix.hpp"
#include "runtime/model/family.hpp"

namespace greenroom::runtime {

// One matrix (rows, cols), or one vector (1, cols), at home on disk.
struct MatrixHome {
    io::FileRange range;
    kernels::BlockType type = kernels::BlockType::f32;
    std::int64_t rows = 0;
    std::int64_t cols = 0;
};

// The feed-forward block of one expert, or of a dense layer.
struct FfnHome {
    MatrixHome gate, up, down;
    std::uint64_t bytes() const { return gate.range.bytes + up.range.bytes + down.range.bytes; }
};

struct LayerHomes {
    MatrixHome attention_norm, q, k, v, attention_output, ffn_norm;
    std::optional<MatrixHome> router;  // with experts only
    std::vector<FfnHome> experts;      // one entry is the dense block of a layer without router
};

struct ModelHomes {
    MatrixHome embedding, output_norm, output;
    bool tied = false;  // output is the embedding
    std::optional<MatrixHome> rope_factors;
    std::vector<LayerHomes> layers;
    std::vector<std::string> warnings;
};

// Errors name the tensor, its shape and the shape or type expected (HAZARDS 55-58, 63). Fills in
// identity.hyperparameters.vocabulary from the embedding when it is 0.
io::Result<ModelHomes> find_homes(const io::ModelFiles& files, Identity& identity);

}  // namespace greenroom::runtime
