#include "tests/support/tiny_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/support/gguf_bytes.hpp"

namespace greenroom::tests {
namespace {

constexpr std::uint64_t kAlignment = 32;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "tiny model: %s\n", why.c_str());
    std::abort();
}

std::uint64_t u(int n) {
    return static_cast<std::uint64_t>(n);
}

}  // namespace

TinyModel::TinyModel(const Shape& s) {
    const auto number = [&](const char* key, int value) {
        set(key, gguf::u32_entry(key, static_cast<std::uint32_t>(value)));
    };
    set("general.architecture", gguf::text_entry("general.architecture", "llama"));
    set("general.name", gguf::text_entry("general.name", "Tiny"));
    number("llama.block_count", s.layers);
    number("llama.context_length", s.context);
    number("llama.embedding_length", s.embed);
    number("llama.feed_forward_length", s.ff);
    number("llama.attention.head_count", s.heads);
    number("llama.attention.head_count_kv", s.kv_heads);
    if (s.experts > 0) {
        number("llama.expert_count", s.experts);
        number("llama.expert_used_count", s.experts_used);
    }
    for (const auto& [key, value] : {std::pair{"llama.attention.layer_norm_rms_epsilon", 1e-5F},
                                     std::pair{"llama.rope.freq_base", 10000.0F}}) {
        set(key, gguf::entry(key, gguf::kF32, gguf::le(value)));
    }
    add("token_embd.weight", {u(s.embed), u(s.vocabulary)}, 1);
    add("output_norm.weight", {u(s.embed)}, 1);
    if (!s.tied) add("output.weight", {u(s.embed), u(s.vocabulary)}, 0.5F);
    for (int l = 0; l < s.layers; ++l) add_layer(s, "blk." + std::to_string(l) + ".");
}

void TinyModel::add_layer(const Shape& s, const std::string& block) {
    const std::uint64_t embed = u(s.embed), kv = u(s.embed / s.heads * s.kv_heads), ff = u(s.ff);
    const float spread = 1 / std::sqrt(static_cast<float>(s.embed));
    add(block + "attn_norm.weight", {embed}, 1);
    add(block + "attn_q.weight", {embed, embed}, 2 * spread);
    add(block + "attn_k.weight", {embed, kv}, 2 * spread);
    add(block + "attn_v.weight", {embed, kv}, spread);
    add(block + "attn_output.weight", {embed, embed}, spread);
    add(block + "ffn_norm.weight", {embed}, 1);
    if (s.experts == 0) {
        add(block + "ffn_gate.weight", {embed, ff}, spread);
        add(block + "ffn_up.weight", {embed, ff}, spread);
        add(block + "ffn_down.weight", {ff, embed}, spread);
        return;
    }
    add(block + "ffn_gate_inp.weight", {embed, u(s.experts)}, spread);
    add(block + "ffn_gate_exps.weight", {embed, ff, u(s.experts)}, spread);
    add(block + "ffn_up_exps.weight", {embed, ff, u(s.experts)}, spread);
    add(block + "ffn_down_exps.weight", {ff, embed, u(s.experts)}, spread);
}

// Values of a mean square of spread^2, of an engine that is the same everywhere.
void TinyModel::add(std::string name, std::vector<std::uint64_t> shape, float spread) {
    std::mt19937 random(next_seed_++);
    std::uint64_t n = 1;
    for (const std::uint64_t dim : shape) n *= dim;
    std::vector<float> values(n);
    for (float& value : values) {
        const float even = static_cast<float>(random()) / 4294967296.0F * 2 - 1;
        value = even * spread * std::sqrt(3.0F);
    }
    tensors_.push_back({std::move(name), std::move(shape), std::move(values)});
}

void TinyModel::set(std::string_view key, std::string entry) {
    for (auto& [known, value] : metadata_) {
        if (known == key) {
            value = std::move(entry);
            return;
        }
    }
    metadata_.emplace_back(key, std::move(entry));
}

void TinyModel::remove(std::string_view key) {
    std::erase_if(metadata_, [&](const auto& entry) { return entry.first == key; });
}

TinyModel::Tensor& TinyModel::tensor(std::string_view name) {
    const auto found = std::ranges::find(tensors_, name, &Tensor::name);
    if (found == tensors_.end()) give_up("no tensor " + std::string(name));
    return *found;
}

void TinyModel::remove_tensor(std::string_view name) {
    std::erase_if(tensors_, [&](const Tensor& tensor) { return tensor.name == name; });
}

std::filesystem::path TinyModel::write(const TemporaryFolder& folder) const {
    gguf::File file;
    for (const auto& [key, entry] : metadata_) file.metadata.push_back(entry);
    for (const Tensor& tensor : tensors_) {
        file.tensors.push_back(gguf::describe(
            {.name = tensor.name, .shape = tensor.shape, .offset = file.data.size()}));
        file.data.append(reinterpret_cast<const char*>(tensor.values.data()),
                         tensor.values.size() * sizeof(float));
        file.data.resize((file.data.size() + kAlignment - 1) / kAlignment * kAlignment);
    }
    return folder.write("tiny.gguf", file.bytes());
}

io::ModelFiles TinyModel::open(const TemporaryFolder& folder) const {
    auto files = io::open_model_files(write(folder));
    if (!files) give_up(files.error().message);
    return *std::move(files);
}

}  // namespace greenroom::tests
