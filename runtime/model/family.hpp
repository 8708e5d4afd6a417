// What Greenroom knows about each family of models: how its files call things and which rules its
// forward pass follows. Adding a family is adding a row here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "io/model_files.hpp"
#include "io/result.hpp"
#include "kernels/rope.hpp"
#include "kernels/route_top_k.hpp"
#include "runtime/model/hyperparameters.hpp"

namespace greenroom::runtime {

struct FfnNames {
    std::string_view gate, up, down;
};

// Tensor names; "{L}" stands for the layer, "{E}" for the expert. An empty name: the format has
// no such tensor.
struct TensorNames {
    std::string_view embedding, output_norm, output;
    std::string_view rope_factors;  // divides the rotary frequencies, pair by pair
    std::string_view attention_norm, q, k, v, attention_output, ffn_norm, router;
    FfnNames dense;
    FfnNames expert;                  // one tensor per expert
    FfnNames merged;                  // all experts of a layer in one tensor, expert by expert
    std::string_view merged_gate_up;  // gate rows, then up rows, expert by expert
};

// One of these names, spelled out: "blk.3.attn_q.weight".
std::string tensor_name(std::string_view pattern, int layer, int expert = 0);

// What the two containers do differently for the same family.
struct ContainerRules {
    TensorNames names;
    kernels::RopePairing pairing;  // llama's converter permutes the q and k rows for GGUF
};

struct Family {
    std::string_view name;
    std::string_view gguf_architecture;
    std::span<const std::string_view> config_types;  // "model_type" in config.json
    kernels::RouterRule router;
    ContainerRules gguf, config;

    const ContainerRules& rules(io::ModelFiles::Kind kind) const {
        return kind == io::ModelFiles::Kind::gguf ? gguf : config;
    }
};

std::span<const Family> families();

// A model's family and numbers, from its headers.
struct Identity {
    const Family* family = nullptr;
    Hyperparameters hyperparameters;
    std::string name;  // general.name, or the folder's
};

// An Error names the architecture found and those supported (HAZARDS 46, 85).
io::Result<Identity> identify(const io::ModelFiles& files);

}  // namespace greenroom::runtime
