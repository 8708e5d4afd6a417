// Where every matrix of a model lies in its files, checked against the model's numbers. Reads no
// weights: the loader and, for experts, the cache do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cache/expert_home.hpp"
#include "io/model_files.hpp"
#include "runtime/model/family.hpp"

namespace greenroom::runtime {

using cache::MatrixHome;
// The feed-forward block of one expert, or of a dense layer.
using FfnHome = cache::ExpertHome;

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
