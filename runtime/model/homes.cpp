#include "runtime/model/homes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unordered_set>

namespace greenroom::runtime {
namespace {

using io::Result;

struct Shape {
    std::int64_t rows = 0;
    std::int64_t cols = 0;
};

// Looks tensors up by name and checks them; remembers which were used.
class Finder {
 public:
    explicit Finder(const io::ModelFiles& files) : files_(files) {}

    bool has(const std::string& name) const { return !name.empty() && files_.find(name); }

    // A tensor of `copies` matrices of this shape, one after the other.
    Result<std::vector<MatrixHome>> matrices(const std::string& name, Shape shape, int copies) {
        const io::TensorInfo* tensor = files_.find(name);
        if (tensor == nullptr) {
            return io::Error{fmt::format("{}: tensor '{}' is missing", files_.root.string(), name)};
        }
        used_.insert(name);
        const std::uint64_t expected[] = {static_cast<std::uint64_t>(shape.cols),
                                          static_cast<std::uint64_t>(shape.rows),
                                          static_cast<std::uint64_t>(copies)};
        for (std::size_t i = 0; i < std::max<std::size_t>(3, tensor->shape.size()); ++i) {
            const std::uint64_t found = i < tensor->shape.size() ? tensor->shape[i] : 1;
            if (found == (i < 3 ? expected[i] : 1)) continue;
            return io::Error{fmt::format("{}: tensor '{}' has shape [{}], expected [{}, {}, {}]",
                                         files_.root.string(),
                                         name,
                                         fmt::join(tensor->shape, ", "),
                                         expected[0],
                                         expected[1],
                                         expected[2])};
        }
        const auto* format = kernels::find_block_format(static_cast<std::uint32_t>(tensor->type));
        if (format == nullptr) return unsupported_type(*tensor);
        std::vector<MatrixHome> out;
        const std::uint64_t bytes = tensor->range.bytes / expected[2];
        for (std::uint64_t i = 0; i < expected[2]; ++i) {
            io::FileRange range = tensor->range;
            range.offset += i * bytes;
            range.bytes = bytes;
            out.push_back({range, format->type, shape.rows, shape.cols});
        }
        return out;
    }

    Result<MatrixHome> matrix(const std::string& name, Shape shape) {
        auto found = matrices(name, shape, 1);
        if (!found) return found.error();
        return found->front();
    }

    // Names that nothing asked for, with the first few spelled out. A bias that we would leave out
    // changes the results: that is an error, the rest a warning.
    Result<std::vector<std::string>> leftovers() const {
        std::size_t count = 0;
        std::string first;
        for (const io::TensorInfo& tensor : files_.tensors) {
            if (used_.contains(tensor.name) || tensor.name.ends_with(".rotary_emb.inv_freq"))
                continue;
            if (tensor.name.ends_with(".bias")) {
                return io::Error{
                    fmt::format("{}: tensor '{}': biases are not supported for this "
                                "architecture",
                                files_.root.string(),
                                io::printable(tensor.name))};
            }
            if (count++ == 0) first = io::printable(tensor.name);
        }
        std::vector<std::string> out;
        if (count > 0) {
            out.push_back(fmt::format("{}: {} tensors are not used, the first is '{}'",
                                      files_.root.string(),
                                      count,
                                      first));
        }
        return out;
    }

 private:
    io::Error unsupported_type(const io::TensorInfo& tensor) const {
        std::string names;
        for (const kernels::BlockFormat& format : kernels::block_formats()) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", format.name);
        }
        return io::Error{
            fmt::format("{}: tensor '{}' has type {}, which cannot be computed with; "
                        "supported: {}",
                        files_.root.string(),
                        io::printable(tensor.name),
                        io::element_format(tensor.type).name,
                        names)};
    }

    const io::ModelFiles& files_;
    std::unordered_set<std::string> used_;
};

// Finds the matrices of one layer.
class LayerFinder {
 public:
    LayerFinder(Finder& finder, const Hyperparameters& h, const TensorNames& names, int layer)
        : finder_(finder), h_(h), names_(names), layer_(layer) {}

    Result<LayerHomes> find() {
        const std::int64_t q_rows = std::int64_t{h_.heads} * h_.head_dim;
        const std::int64_t kv_rows = std::int64_t{h_.kv_heads} * h_.head_dim;
        LayerHomes out;
        const struct {
            MatrixHome& home;
            std::string_view name;
            Shape shape;
        } wanted[] = {
            {out.attention_norm, names_.attention_norm, {1, h_.embed}},
            {out.q, names_.q, {q_rows, h_.embed}},
            {out.k, names_.k, {kv_rows, h_.embed}},
            {out.v, names_.v, {kv_rows, h_.embed}},
            {out.attention_output, names_.attention_output, {h_.embed, q_rows}},
            {out.ffn_norm, names_.ffn_norm, {1, h_.embed}},
        };
        for (const auto& w : wanted) {
            auto found = finder_.matrix(name(w.name), w.shape);
            if (!found) return found.error();
            w.home = *found;
        }
        auto experts = h_.experts > 0 ? find_experts(out) : find_dense();
        if (!experts) return experts.error();
        out.experts = std::move(*experts);
        return out;
    }

 private:
    std::string name(std::string_view pattern, int expert = 0) const {
        return tensor_name(pattern, layer_, expert);
    }

    Result<FfnHome> find_ffn(const FfnNames& names, int expert, std::int64_t ff) {
        auto gate = finder_.matrix(name(names.gate, expert), {ff, h_.embed});
        if (!gate) return gate.error();
        auto up = finder_.matrix(name(names.up, expert), {ff, h_.embed});
        if (!up) return up.error();
        auto down = finder_.matrix(name(names.down, expert), {h_.embed, ff});
        if (!down) return down.error();
        return FfnHome{*gate, *up, *down};
    }

    Result<std::vector<FfnHome>> find_dense() {
        auto dense = find_ffn(names_.dense, 0, h_.dense_ff);
        if (!dense) return dense.error();
        return std::vector<FfnHome>{*dense};
    }

    Result<std::vector<FfnHome>> find_experts(LayerHomes& layer) {
        auto router = finder_.matrix(name(names_.router), {h_.experts, h_.embed});
        if (!router) return router.error();
        layer.router = *router;
        if (finder_.has(name(names_.merged_gate_up))) return find_fused();
        if (!finder_.has(name(names_.expert.gate)) && !names_.merged.gate.empty()) {
            return find_merged();
        }
        std::vector<FfnHome> out;
        for (int e = 0; e < h_.experts; ++e) {
            auto expert = find_ffn(names_.expert, e, h_.expert_ff);
            if (!expert) return expert.error();
            out.push_back(*expert);
        }
        return out;
    }

    Result<std::vector<FfnHome>> find_merged() {
        const std::int64_t ff = h_.expert_ff;
        auto gate = finder_.matrices(name(names_.merged.gate), {ff, h_.embed}, h_.experts);
        if (!gate) return gate.error();
        auto up = finder_.matrices(name(names_.merged.up), {ff, h_.embed}, h_.experts);
        if (!up) return up.error();
        return with_merged_down(std::move(*gate), std::move(*up));
    }

    Result<std::vector<FfnHome>> find_fused() {
        const std::int64_t ff = h_.expert_ff;
        auto both = finder_.matrices(name(names_.merged_gate_up), {2 * ff, h_.embed}, h_.experts);
        if (!both) return both.error();
        std::vector<MatrixHome> gate, up;
        for (MatrixHome half : *both) {
            half.rows = ff;
            half.range.bytes /= 2;
            gate.push_back(half);
            half.range.offset += half.range.bytes;
            up.push_back(half);
        }
        return with_merged_down(std::move(gate), std::move(up));
    }

    Result<std::vector<FfnHome>> with_merged_down(std::vector<MatrixHome> gate,
                                                  std::vector<MatrixHome> up) {
        auto down =
            finder_.matrices(name(names_.merged.down), {h_.embed, h_.expert_ff}, h_.experts);
        if (!down) return down.error();
        std::vector<FfnHome> out;
        for (std::size_t e = 0; e < gate.size(); ++e) out.push_back({gate[e], up[e], (*down)[e]});
        return out;
    }

    Finder& finder_;
    const Hyperparameters& h_;
    const TensorNames& names_;
    int layer_;
};

// The vocabulary is what the embedding has rows for; other statements must agree (HAZARDS 63).
Result<void> settle_vocabulary(const io::ModelFiles& files,
                               const TensorNames& names,
                               Hyperparameters& h) {
    const io::TensorInfo* embedding = files.find(names.embedding);
    if (embedding == nullptr || embedding->shape.size() < 2) {
        return io::Error{fmt::format(
            "{}: tensor '{}' is missing or not a matrix", files.root.string(), names.embedding)};
    }
    const std::uint64_t rows = embedding->shape[1];
    if (rows == 0 || rows > 0x7fffffff) {
        return io::Error{
            fmt::format("{}: tensor '{}' has {} rows", files.root.string(), names.embedding, rows)};
    }
    if (h.vocabulary != 0 && rows != static_cast<std::uint64_t>(h.vocabulary)) {
        return io::Error{
            fmt::format("{}: the vocabulary is said to have {} entries, tensor '{}' "
                        "has {} rows",
                        files.root.string(),
                        h.vocabulary,
                        names.embedding,
                        rows)};
    }
    h.vocabulary = static_cast<int>(rows);
    return {};
}

Result<void> find_ends(Finder& finder,
                       const TensorNames& names,
                       const Hyperparameters& h,
                       ModelHomes& out) {
    auto embedding = finder.matrix(std::string(names.embedding), {h.vocabulary, h.embed});
    if (!embedding) return embedding.error();
    out.embedding = *embedding;
    auto norm = finder.matrix(std::string(names.output_norm), {1, h.embed});
    if (!norm) return norm.error();
    out.output_norm = *norm;
    out.tied = !finder.has(std::string(names.output));
    out.output = out.embedding;
    if (!out.tied) {
        auto output = finder.matrix(std::string(names.output), {h.vocabulary, h.embed});
        if (!output) return output.error();
        out.output = *output;
    }
    if (finder.has(std::string(names.rope_factors))) {
        auto factors = finder.matrix(std::string(names.rope_factors), {1, h.rope_dims / 2});
        if (!factors) return factors.error();
        out.rope_factors = *factors;
    }
    return {};
}

}  // namespace

Result<ModelHomes> find_homes(const io::ModelFiles& files, Identity& identity) {
    const TensorNames& names = identity.family->rules(files.kind).names;
    Hyperparameters& h = identity.hyperparameters;
    if (auto ok = settle_vocabulary(files, names, h); !ok) return ok.error();
    Finder finder(files);
    ModelHomes out;
    if (auto ok = find_ends(finder, names, h, out); !ok) return ok.error();
    for (int layer = 0; layer < h.layers; ++layer) {
        auto found = LayerFinder(finder, h, names, layer).find();
        if (!found) return found.error();
        out.layers.push_back(std::move(*found));
    }
    auto leftovers = finder.leftovers();
    if (!leftovers) return leftovers.error();
    out.warnings = std::move(*leftovers);
    return out;
}

}  // namespace greenroom::runtime
