#include "runtime/lab/synth_plan.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "io/file.hpp"
#include "runtime/lab/model_shape.hpp"
#include "runtime/lab/quant_mix.hpp"
#include "runtime/model/family.hpp"
#include "runtime/model/homes.hpp"

namespace greenroom::runtime {
namespace {

using io::ElementType;

io::Result<Hyperparameters> numbers_of(const SynthRequest& request) {
    const ModelShape* shape = find_model_shape(request.shape);
    if (shape == nullptr) {
        std::string names;
        for (const ModelShape& known : model_shapes()) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
        }
        return io::Error{
            fmt::format("no shape \"{}\"; there are {}", io::printable(request.shape), names)};
    }
    Hyperparameters h = shape->numbers;
    h.layers = request.layers.value_or(h.layers);
    if (request.experts && h.experts == 0) {
        return io::Error{fmt::format("{} has no experts", shape->name)};
    }
    h.experts = request.experts.value_or(h.experts);
    if (auto ok = check_hyperparameters(h, request.shape); !ok) return ok.error();
    return h;
}

// The tokenizer's keys; its vocabulary grows with tokens that stand for nothing.
io::Result<void> copy_tokenizer(const io::Metadata& from, int vocabulary, io::Metadata& to) {
    constexpr std::int32_t kUnusedToken = 5;  // tokenizer.ggml.token_type
    const auto tokens = from.texts("tokenizer.ggml.tokens");
    if (!tokens) return tokens.error();
    const std::size_t n = *tokens == nullptr ? 0 : (*tokens)->size();
    const auto wanted = static_cast<std::size_t>(vocabulary);
    if (n == 0 || n > wanted) {
        return io::Error{fmt::format("{}: tokenizer of {} tokens does not fit a vocabulary of {}",
                                     from.file_name(),
                                     n,
                                     wanted)};
    }
    for (const std::string& key : from.keys()) {
        if (!key.starts_with("tokenizer.")) continue;
        io::MetadataValue value = *from.find(key);
        if (key == "tokenizer.ggml.tokens") {
            auto& texts = std::get<std::vector<std::string>>(value);
            for (std::size_t i = n; i < wanted; ++i) texts.push_back(fmt::format("[PAD{}]", i));
        } else if (key == "tokenizer.ggml.scores") {
            if (auto* scores = std::get_if<std::vector<float>>(&value)) scores->resize(wanted);
        } else if (key == "tokenizer.ggml.token_type") {
            if (auto* types = std::get_if<std::vector<std::int32_t>>(&value)) {
                types->resize(wanted, kUnusedToken);
            }
        }
        to.insert(key, std::move(value));
    }
    return {};
}

void insert_numbers(const Hyperparameters& h, const std::string& architecture, io::Metadata& to) {
    const auto count = [&](const char* key, int value) {
        to.insert(architecture + "." + key, static_cast<std::uint64_t>(value));
    };
    count("block_count", h.layers);
    count("context_length", h.context);
    count("embedding_length", h.embed);
    count("feed_forward_length", h.experts > 0 ? h.expert_ff : h.dense_ff);
    count("attention.head_count", h.heads);
    count("attention.head_count_kv", h.kv_heads);
    count("attention.key_length", h.head_dim);
    count("attention.value_length", h.head_dim);
    count("rope.dimension_count", h.rope_dims);
    count("vocab_size", h.vocabulary);
    if (h.experts > 0) {
        count("expert_count", h.experts);
        count("expert_used_count", h.experts_used);
    }
    to.insert(architecture + ".attention.layer_norm_rms_epsilon", double{h.rms_eps});
    to.insert(architecture + ".rope.freq_base", h.rope_base);
}

// Collects the tensors of one model.
class TensorList {
 public:
    TensorList(const TensorNames& names, const Hyperparameters& h, const QuantMix& mix)
        : names_(names), h_(h), mix_(mix) {}

    std::vector<io::TensorPlan> all() {
        matrix(names_.embedding, MatrixRole::embedding, {h_.embed, h_.vocabulary});
        for (layer_ = 0; layer_ < h_.layers; ++layer_) {
            attention();
            norm(names_.ffn_norm);
            if (h_.experts > 0) {
                experts();
            } else {
                feed_forward(names_.dense, h_.dense_ff, 0);
            }
        }
        layer_ = 0;
        norm(names_.output_norm);
        matrix(names_.output, MatrixRole::output, {h_.embed, h_.vocabulary});
        return std::move(tensors_);
    }

 private:
    using Shape = std::vector<std::int64_t>;

    void attention() {
        const int kv = h_.kv_heads * h_.head_dim, q = h_.heads * h_.head_dim;
        norm(names_.attention_norm);
        matrix(names_.q, MatrixRole::other, {h_.embed, q});
        matrix(names_.k, MatrixRole::attention_k, {h_.embed, kv});
        matrix(names_.v, MatrixRole::attention_v, {h_.embed, kv});
        matrix(names_.attention_output, MatrixRole::attention_output, {q, h_.embed});
    }

    void experts() {
        add(names_.router, {h_.embed, h_.experts}, ElementType::f32);
        feed_forward(names_.merged, h_.expert_ff, h_.experts);
    }

    // n_experts 0: one dense block.
    void feed_forward(const FfnNames& names, int ff, int n_experts) {
        Shape in = {h_.embed, ff}, out = {ff, h_.embed};
        if (n_experts > 0) {
            in.push_back(n_experts);
            out.push_back(n_experts);
        }
        matrix(names.gate, MatrixRole::other, in);
        matrix(names.up, MatrixRole::other, in);
        matrix(names.down, MatrixRole::ffn_down, out);
    }

    void norm(std::string_view name) { add(name, {h_.embed}, ElementType::f32); }

    void matrix(std::string_view name, MatrixRole role, const Shape& shape) {
        const auto type = mix_.type_of({role, layer_, h_.layers, h_.experts});
        add(name, shape, static_cast<ElementType>(type));
    }

    void add(std::string_view name, const Shape& shape, ElementType type) {
        tensors_.push_back({.name = tensor_name(name, layer_),
                            .shape = {shape.begin(), shape.end()},
                            .type = type});
    }

    const TensorNames& names_;
    const Hyperparameters& h_;
    const QuantMix& mix_;
    int layer_ = 0;
    std::vector<io::TensorPlan> tensors_;
};

}  // namespace

io::Result<SynthPlan> plan_synthetic_model(const SynthRequest& request,
                                           const io::Metadata& tokenizer) {
    const auto h = numbers_of(request);
    if (!h) return h.error();
    const auto mix = find_quant_mix(request.quant);
    if (!mix) return mix.error();
    const Family& family = families().front();
    const std::string architecture(family.gguf_architecture);

    SynthPlan plan;
    io::Metadata& metadata = plan.metadata;
    metadata.insert("general.architecture", architecture);
    metadata.insert("general.name", fmt::format("{} {}, random", request.shape, request.quant));
    metadata.insert("general.quantization_version", std::uint64_t{2});
    insert_numbers(*h, architecture, metadata);
    if (auto ok = copy_tokenizer(tokenizer, h->vocabulary, metadata); !ok) return ok.error();
    plan.tensors = TensorList(family.gguf.names, *h, *mix).all();
    for (const io::TensorPlan& tensor : plan.tensors) {
        const std::uint64_t block = io::element_format(tensor.type).block_elements;
        if (tensor.shape[0] % block == 0) continue;
        return io::Error{fmt::format("{} has rows of {} ({}), not a multiple of {}'s {}",
                                     request.shape,
                                     tensor.shape[0],
                                     tensor.name,
                                     io::element_format(tensor.type).name,
                                     block)};
    }
    return plan;
}

}  // namespace greenroom::runtime
