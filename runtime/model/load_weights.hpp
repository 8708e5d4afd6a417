// A model's weights in memory, as the kernels take them. Knows files only while it loads.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "io/model_files.hpp"
#include "io/read/mapped_file.hpp"
#include "io/result.hpp"
#include "kernels/buffer.hpp"
#include "kernels/expert_ffn.hpp"
#include "kernels/matrix.hpp"
#include "runtime/model/homes.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {

struct LayerWeights {
    std::vector<float> attention_norm, ffn_norm;  // (embed)
    kernels::Matrix q, k, v;                      // (heads * head_dim, embed), kv_heads for k and v
    kernels::Matrix attention_output;             // (embed, heads * head_dim)
    kernels::Matrix router;                       // (experts, embed); no rows in a dense layer
};

struct Weights {
    kernels::Matrix embedding, output;  // (vocabulary, embed); the same bytes when tied
    std::vector<float> output_norm;     // (embed)
    std::vector<float> rope_factors;    // (rope_dims / 2); empty: none
    std::vector<LayerWeights> layers;
    // [layer][expert]; a dense block is the one expert of its layer.
    std::vector<std::vector<kernels::ExpertWeights>> experts;
    // What all of the above points into.
    std::variant<kernels::HostBuffer, std::vector<io::MappedFile>> memory;
    kernels::HostBuffer routers;  // and the routers, once they are kept alone
};

// Copies the routers to memory of their own and gives the rest back: for weights that a GPU has
// now, whose routers the host reads to look ahead. False when the system has no memory for the
// copies.
bool keep_routers_alone(Weights& weights);

// The routers of all layers, for scores ahead of their time; `weights` must outlive them.
std::vector<RouterScores::Router> routers_of(const Weights& weights);

// Bytes that the weights take in memory.
std::uint64_t weight_bytes(const ModelHomes& homes);

struct LoadRequest {
    const io::ModelFiles& files;
    const ModelHomes& homes;
    LoadMethod method = LoadMethod::read;
    kernels::Arithmetic arithmetic = kernels::Arithmetic::fast;  // that products will use
    bool for_gpu = false;                                        // which takes weights in rows
    decltype(ModelSettings::fill) fill = {};                     // instead of reading
};

// Reads (or fills) into memory of our own, on large pages and in the layout that products on `pool`
// read fastest; or maps the files as they are. Errors name the file; "stopped" after hooks.stop.
io::Result<Weights> load_weights(const LoadRequest& request,
                                 kernels::ThreadPool& pool,
                                 const LoadHooks& hooks);

}  // namespace greenroom::runtime
