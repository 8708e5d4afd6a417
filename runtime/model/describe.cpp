#include "runtime/model/describe.hpp"

#include <algorithm>
#include <map>

#include "runtime/model/kv_cache.hpp"
#include "runtime/model/memory_need.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::runtime {
namespace {

std::uint64_t elements(const MatrixHome& home) {
    return static_cast<std::uint64_t>(home.rows) * static_cast<std::uint64_t>(home.cols);
}

std::uint64_t elements(const FfnHome& home) {
    return elements(home.gate) + elements(home.up) + elements(home.down);
}

std::uint64_t largest_expert(const LayerHomes& layer) {
    std::uint64_t largest = 0;
    for (const FfnHome& expert : layer.experts) largest = std::max(largest, expert.bytes());
    return largest;
}

void add_layer(const LayerHomes& layer, std::uint64_t experts_used, ModelDescription& out) {
    std::uint64_t always = 0;
    for (const MatrixHome* m : {&layer.q, &layer.k, &layer.v, &layer.attention_output}) {
        out.bytes.attention += m->range.bytes;
        always += elements(*m);
    }
    for (const MatrixHome* m : {&layer.attention_norm, &layer.ffn_norm}) {
        out.bytes.norms += m->range.bytes;
        always += elements(*m);
    }
    if (layer.router) {
        out.bytes.router += layer.router->range.bytes;
        always += elements(*layer.router);
    }
    std::uint64_t all = 0;
    for (const FfnHome& expert : layer.experts) {
        (layer.router ? out.bytes.experts : out.bytes.dense) += expert.bytes();
        all += elements(expert);
    }
    const std::uint64_t used = layer.router ? experts_used : 1;
    out.parameters += always + all;
    out.active_parameters += always + used * elements(layer.experts.front());
    out.expert_bytes.push_back(layer.router ? largest_expert(layer) : 0);
}

std::vector<TypeUse> count_types(const io::ModelFiles& files) {
    std::map<std::string, TypeUse> by_name;
    for (const io::TensorInfo& tensor : files.tensors) {
        TypeUse& use = by_name[std::string(io::element_format(tensor.type).name)];
        ++use.tensors;
        use.bytes += tensor.range.bytes;
    }
    std::vector<TypeUse> out;
    for (auto& [name, use] : by_name) out.push_back({name, use.tensors, use.bytes});
    std::stable_sort(out.begin(), out.end(), [](const TypeUse& a, const TypeUse& b) {
        return a.bytes > b.bytes;
    });
    return out;
}

}  // namespace

io::Result<ModelDescription> describe_model(const io::ModelFiles& files) {
    auto identity = identify(files);
    if (!identity) return identity.error();
    auto homes = find_homes(files, *identity);
    if (!homes) return homes.error();
    ModelDescription out;
    out.name = identity->name;
    out.architecture = identity->family->name;
    out.hyperparameters = identity->hyperparameters;
    out.tied_output = homes->tied;
    out.warnings = homes->warnings;
    out.bytes.embedding = homes->embedding.range.bytes;
    out.bytes.output = homes->tied ? 0 : homes->output.range.bytes;
    out.bytes.norms = homes->output_norm.range.bytes +
                      (homes->rope_factors ? homes->rope_factors->range.bytes : 0);
    out.weight_bytes_per_token = weight_bytes_per_token(*homes, out.hyperparameters);
    out.parameters = elements(homes->embedding) + elements(homes->output_norm) +
                     (homes->tied ? 0 : elements(homes->output));
    out.active_parameters = out.parameters;
    for (const LayerHomes& layer : homes->layers) {
        add_layer(layer, static_cast<std::uint64_t>(out.hyperparameters.experts_used), out);
    }
    out.types = count_types(files);
    return out;
}

std::uint64_t weight_bytes_per_token(const ModelHomes& homes, const Hyperparameters& h) {
    std::uint64_t total = homes.output.range.bytes;
    for (const LayerHomes& layer : homes.layers) {
        for (const MatrixHome* m : {&layer.q, &layer.k, &layer.v, &layer.attention_output}) {
            total += m->range.bytes;
        }
        const auto used = static_cast<std::uint64_t>(layer.router ? h.experts_used : 1);
        total += (layer.router ? layer.router->range.bytes : 0) + used * largest_expert(layer);
    }
    return total;
}

std::uint64_t run_bytes(const ModelDescription& model, int context, kernels::KvType kv_type) {
    const MemoryNeed need{
        .weights = model.bytes.total(),
        .keys_and_values = kv_cache_bytes(model.hyperparameters, kv_type, context),
        .buffers = buffer_bytes(
            model.hyperparameters,
            {.batch = std::min(ModelSettings{}.batch, context), .context = context, .threads = 1})};
    return need.total();
}

}  // namespace greenroom::runtime
