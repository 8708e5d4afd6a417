// What a model is, from its headers alone: sizes, parameters, memory. Loads no weights.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "kernels/attention.hpp"
#include "runtime/model/homes.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

struct ComponentBytes {
    std::uint64_t embedding = 0;  // the input embedding; also the output when tied
    std::uint64_t output = 0;     // 0 when tied
    std::uint64_t attention = 0;
    std::uint64_t router = 0;
    std::uint64_t experts = 0;  // routed experts
    std::uint64_t dense = 0;    // feed-forward blocks of layers without experts
    std::uint64_t norms = 0;    // and other vectors
    std::uint64_t total() const {
        return embedding + output + attention + router + experts + dense + norms;
    }
};

struct TypeUse {
    std::string type;  // "Q4_K"
    std::uint64_t tensors = 0;
    std::uint64_t bytes = 0;
};

struct ModelDescription {
    std::string name;
    std::string architecture;  // the family
    Hyperparameters hyperparameters;
    std::uint64_t parameters = 0;         // all
    std::uint64_t active_parameters = 0;  // that one token uses
    ComponentBytes bytes;
    std::vector<std::uint64_t> expert_bytes;   // per layer: the largest expert; 0 in a dense layer
    std::vector<TypeUse> types;                // most bytes first
    std::uint64_t weight_bytes_per_token = 0;  // that one decoded token reads
    bool tied_output = false;
    std::vector<std::string> warnings;
};

// Errors as in identify and find_homes.
io::Result<ModelDescription> describe_model(const io::ModelFiles& files);

// Bytes of weights that one decoded token reads: an expert counts as the largest of its layer.
std::uint64_t weight_bytes_per_token(const ModelHomes& homes, const Hyperparameters& h);

// Bytes that a run takes with everything in memory: weights, keys and values, buffers.
std::uint64_t run_bytes(const ModelDescription& model, int context, kernels::KvType kv_type);

}  // namespace greenroom::runtime
