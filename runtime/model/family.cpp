#include "runtime/model/family.hpp"

#include <array>
#include <fmt/format.h>

namespace greenroom::runtime {
namespace {

constexpr std::array<std::string_view, 3> kLlamaTypes = {"mixtral", "mistral", "llama"};

// Names: llama.cpp's GGUF files, and the published checkpoints of Llama, Mistral and Mixtral.
constexpr Family kLlama = {
    .name = "llama",
    .gguf_architecture = "llama",
    .config_types = kLlamaTypes,
    .router = kernels::RouterRule::softmax_top_k_renormalised,
    .gguf = {.names = {.embedding = "token_embd.weight",
                       .output_norm = "output_norm.weight",
                       .output = "output.weight",
                       .rope_factors = "rope_freqs.weight",
                       .attention_norm = "blk.{L}.attn_norm.weight",
                       .q = "blk.{L}.attn_q.weight",
                       .k = "blk.{L}.attn_k.weight",
                       .v = "blk.{L}.attn_v.weight",
                       .attention_output = "blk.{L}.attn_output.weight",
                       .ffn_norm = "blk.{L}.ffn_norm.weight",
                       .router = "blk.{L}.ffn_gate_inp.weight",
                       .dense = {"blk.{L}.ffn_gate.weight",
                                 "blk.{L}.ffn_up.weight",
                                 "blk.{L}.ffn_down.weight"},
                       .expert = {"blk.{L}.ffn_gate.{E}.weight",
                                  "blk.{L}.ffn_up.{E}.weight",
                                  "blk.{L}.ffn_down.{E}.weight"},
                       .merged = {"blk.{L}.ffn_gate_exps.weight",
                                  "blk.{L}.ffn_up_exps.weight",
                                  "blk.{L}.ffn_down_exps.weight"},
                       .merged_gate_up = "blk.{L}.ffn_gate_up_exps.weight"},
             .pairing = kernels::RopePairing::adjacent},
    .config = {.names = {.embedding = "model.embed_tokens.weight",
                         .output_norm = "model.norm.weight",
                         .output = "lm_head.weight",
                         .rope_factors = "",
                         .attention_norm = "model.layers.{L}.input_layernorm.weight",
                         .q = "model.layers.{L}.self_attn.q_proj.weight",
                         .k = "model.layers.{L}.self_attn.k_proj.weight",
                         .v = "model.layers.{L}.self_attn.v_proj.weight",
                         .attention_output = "model.layers.{L}.self_attn.o_proj.weight",
                         .ffn_norm = "model.layers.{L}.post_attention_layernorm.weight",
                         .router = "model.layers.{L}.block_sparse_moe.gate.weight",
                         .dense = {"model.layers.{L}.mlp.gate_proj.weight",
                                   "model.layers.{L}.mlp.up_proj.weight",
                                   "model.layers.{L}.mlp.down_proj.weight"},
                         .expert = {"model.layers.{L}.block_sparse_moe.experts.{E}.w1.weight",
                                    "model.layers.{L}.block_sparse_moe.experts.{E}.w3.weight",
                                    "model.layers.{L}.block_sparse_moe.experts.{E}.w2.weight"},
                         .merged = {},
                         .merged_gate_up = ""},
               .pairing = kernels::RopePairing::halves},
};

constexpr std::array kFamilies = {kLlama};

std::string supported(io::ModelFiles::Kind kind) {
    std::string out;
    for (const Family& family : kFamilies) {
        if (kind == io::ModelFiles::Kind::gguf) {
            out += fmt::format("{}{}", out.empty() ? "" : ", ", family.gguf_architecture);
            continue;
        }
        for (const std::string_view type : family.config_types) {
            out += fmt::format("{}{}", out.empty() ? "" : ", ", type);
        }
    }
    return out;
}

io::Result<Identity> identify_gguf(const io::ModelFiles& files) {
    const auto architecture = files.metadata.text("general.architecture");
    if (!architecture) return architecture.error();
    if (*architecture == nullptr) {
        return io::Error{
            fmt::format("{}: key general.architecture is missing", files.metadata.file_name())};
    }
    for (const Family& family : kFamilies) {
        if (family.gguf_architecture != **architecture) continue;
        auto numbers = read_gguf_hyperparameters(files.metadata, **architecture);
        if (!numbers) return numbers.error();
        const auto name = files.metadata.text("general.name");
        const bool named = name && *name != nullptr;
        return Identity{&family, *numbers, named ? **name : files.root.stem().string()};
    }
    return io::Error{fmt::format("{}: architecture '{}' is not supported; supported: {}",
                                 files.metadata.file_name(),
                                 io::printable(**architecture),
                                 supported(files.kind))};
}

io::Result<Identity> identify_config(const io::ModelFiles& files) {
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(files.root, ignored);
    const std::filesystem::path folder = is_folder ? files.root : files.root.parent_path();
    const std::filesystem::path path = folder / "config.json";
    const auto config = io::read_json_file(path);
    if (!config) return config.error();
    const std::string file = path.string();
    if (!config->is_object()) return io::Error{fmt::format("{}: not a JSON object", file)};
    const auto type = config->find("model_type");
    if (type == config->end() || !type->is_string()) {
        return io::Error{fmt::format("{}: field model_type is missing or not a string", file)};
    }
    const std::string& found = type->get_ref<const std::string&>();
    for (const Family& family : kFamilies) {
        for (const std::string_view known : family.config_types) {
            if (known != found) continue;
            auto numbers = read_config_hyperparameters(*config, file);
            if (!numbers) return numbers.error();
            const auto absolute = std::filesystem::absolute(folder, ignored).lexically_normal();
            const auto last = absolute.has_filename() ? absolute : absolute.parent_path();
            return Identity{&family, *numbers, last.filename().string()};
        }
    }
    return io::Error{fmt::format("{}: model_type '{}' is not supported; supported: {}",
                                 file,
                                 io::printable(found),
                                 supported(files.kind))};
}

}  // namespace

std::string tensor_name(std::string_view pattern, int layer, int expert) {
    std::string out(pattern);
    const auto put = [&](std::string_view mark, int value) {
        const std::size_t at = out.find(mark);
        if (at != std::string::npos) out.replace(at, mark.size(), std::to_string(value));
    };
    put("{L}", layer);
    put("{E}", expert);
    return out;
}

std::span<const Family> families() {
    return kFamilies;
}

io::Result<Identity> identify(const io::ModelFiles& files) {
    return files.kind == io::ModelFiles::Kind::gguf ? identify_gguf(files) : identify_config(files);
}

}  // namespace greenroom::runtime
