#include "runtime/model/load_weights.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "io/read/read_ranges.hpp"
#include "kernels/mat_mul.hpp"
#include "kernels/repack.hpp"

namespace greenroom::runtime {
namespace {

// Enough for a queue on a solid-state disk and for copies out of the page cache.
constexpr int kReadThreads = 8;

// Matrices start on cache lines.
constexpr std::uint64_t kAlignment = 64;

std::uint64_t aligned(std::uint64_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

// One matrix at home and the place that wants to know where it lies in memory.
struct Wanted {
    const MatrixHome* home;
    kernels::Matrix* matrix;
};

// A vector at home; converted to float once its bytes are there.
struct WantedVector {
    const MatrixHome* home;
    std::vector<float>* values;
    kernels::Matrix matrix = {};
};

// Everything that is to be loaded. Points into the homes and the weights that it was made from.
struct Wishes {
    std::vector<Wanted> matrices;
    std::vector<WantedVector> vectors;
};

void wish_for_layer(const LayerHomes& homes, LayerWeights& weights, Wishes& out) {
    out.vectors.push_back({&homes.attention_norm, &weights.attention_norm});
    out.vectors.push_back({&homes.ffn_norm, &weights.ffn_norm});
    out.matrices.push_back({&homes.q, &weights.q});
    out.matrices.push_back({&homes.k, &weights.k});
    out.matrices.push_back({&homes.v, &weights.v});
    out.matrices.push_back({&homes.attention_output, &weights.attention_output});
    if (homes.router) out.matrices.push_back({&*homes.router, &weights.router});
}

// Sizes `weights` for the homes and lists what belongs where.
Wishes wish_for(const ModelHomes& homes, Weights& weights) {
    Wishes out;
    out.matrices.push_back({&homes.embedding, &weights.embedding});
    if (!homes.tied) out.matrices.push_back({&homes.output, &weights.output});
    out.vectors.push_back({&homes.output_norm, &weights.output_norm});
    if (homes.rope_factors) out.vectors.push_back({&*homes.rope_factors, &weights.rope_factors});
    weights.layers.resize(homes.layers.size());
    weights.experts.resize(homes.layers.size());
    for (std::size_t l = 0; l < homes.layers.size(); ++l) {
        const std::vector<FfnHome>& experts = homes.layers[l].experts;
        wish_for_layer(homes.layers[l], weights.layers[l], out);
        weights.experts[l].resize(experts.size());
        for (std::size_t e = 0; e < experts.size(); ++e) {
            kernels::ExpertWeights& expert = weights.experts[l][e];
            out.matrices.push_back({&experts[e].gate, &expert.gate});
            out.matrices.push_back({&experts[e].up, &expert.up});
            out.matrices.push_back({&experts[e].down, &expert.down});
        }
    }
    for (WantedVector& vector : out.vectors) out.matrices.push_back({vector.home, &vector.matrix});
    return out;
}

void place(const Wanted& wanted, const std::byte* data) {
    const MatrixHome& home = *wanted.home;
    *wanted.matrix = {data, home.type, home.rows, home.cols};
}

std::uint64_t total_bytes(const std::vector<Wanted>& matrices) {
    std::uint64_t total = 0;
    for (const Wanted& wanted : matrices) total += aligned(wanted.home->range.bytes);
    return total;
}

io::Result<void> fill(const LoadRequest& request,
                      const std::vector<io::ReadJob>& jobs,
                      const std::vector<Wanted>& matrices,
                      const LoadHooks& hooks) {
    const std::uint64_t total = total_bytes(matrices);
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (hooks.stop.stop_requested()) return io::Error{"stopped"};
        request.fill(*matrices[i].home, jobs[i].to);
        done += aligned(jobs[i].to.size());
        if (hooks.progress) hooks.progress(done, total);
    }
    return {};
}

io::Result<void> read(const LoadRequest& request,
                      const std::vector<Wanted>& matrices,
                      const LoadHooks& hooks,
                      Weights& weights) {
    const io::ModelFiles& files = request.files;
    const std::uint64_t total = total_bytes(matrices);
    std::optional<kernels::HostBuffer> memory = kernels::HostBuffer::try_allocate(total);
    if (!memory) {
        return io::Error{fmt::format("{}: the weights take {} bytes, which the system refuses",
                                     io::printable_path(files.root),
                                     total)};
    }
    std::vector<io::ReadJob> jobs;
    jobs.reserve(matrices.size());
    std::uint64_t offset = 0;
    for (const Wanted& wanted : matrices) {
        const io::FileRange& range = wanted.home->range;
        place(wanted, memory->data() + offset);
        jobs.push_back({range, memory->bytes().subspan(offset, range.bytes)});
        offset += aligned(range.bytes);
    }
    weights.memory = std::move(*memory);
    if (request.fill) return fill(request, jobs, matrices, hooks);
    return io::read_ranges(
        files.files, jobs, kReadThreads, {.progress = hooks.progress, .stop = hooks.stop});
}

io::Result<void> map(const io::ModelFiles& files,
                     const std::vector<Wanted>& matrices,
                     Weights& weights) {
    std::vector<io::MappedFile> maps;
    for (const io::File& file : files.files) {
        auto mapped = io::MappedFile::map(file);
        if (!mapped) return mapped.error();
        maps.push_back(*std::move(mapped));
    }
    for (const Wanted& wanted : matrices) {
        const io::FileRange& range = wanted.home->range;
        place(wanted, maps[range.file].bytes().data() + range.offset);
    }
    weights.memory = std::move(maps);
    return {};
}

// Into the layout that products read fastest; the vectors are converted already.
void repack(const Wishes& wishes, Weights& weights, kernels::ThreadPool& pool) {
    std::byte* memory = std::get<kernels::HostBuffer>(weights.memory).data();
    const std::byte* start = memory;
    for (const Wanted& wanted : wishes.matrices) {
        kernels::Matrix& matrix = *wanted.matrix;
        const auto best = kernels::preferred_layout(matrix.type, pool.path());
        if (best == kernels::Layout::rows) continue;
        matrix = kernels::to_panels(matrix, memory + (matrix.data - start), pool);
    }
}

}  // namespace

std::vector<RouterScores::Router> routers_of(const Weights& weights) {
    std::vector<RouterScores::Router> routers;
    for (const LayerWeights& layer : weights.layers) {
        routers.push_back({layer.router, layer.ffn_norm.data()});
    }
    return routers;
}

std::uint64_t weight_bytes(const ModelHomes& homes) {
    Weights weights;
    return total_bytes(wish_for(homes, weights).matrices);
}

bool keep_routers_alone(Weights& weights) {
    std::uint64_t bytes = 0;
    for (const LayerWeights& layer : weights.layers) bytes += aligned(layer.router.bytes());
    auto memory = kernels::HostBuffer::try_allocate(std::max<std::uint64_t>(bytes, 1));
    if (!memory) return false;
    std::byte* to = memory->data();
    for (LayerWeights& layer : weights.layers) {
        const kernels::Matrix router = layer.router;
        layer.q = layer.k = layer.v = layer.attention_output = {};
        if (router.rows == 0) continue;
        std::copy_n(router.data, router.bytes(), to);
        layer.router.data = to;
        to += aligned(router.bytes());
    }
    weights.embedding = weights.output = {};
    weights.experts.clear();
    weights.routers = std::move(*memory);
    weights.memory = kernels::HostBuffer();
    return true;
}

io::Result<Weights> load_weights(const LoadRequest& request,
                                 kernels::ThreadPool& pool,
                                 const LoadHooks& hooks) {
    Weights weights;
    const Wishes wishes = wish_for(request.homes, weights);
    const bool owned = request.fill || request.method == LoadMethod::read;
    auto loaded = owned ? read(request, wishes.matrices, hooks, weights)
                        : map(request.files, wishes.matrices, weights);
    if (!loaded) return loaded.error();
    for (const WantedVector& vector : wishes.vectors) {
        vector.values->resize(static_cast<std::size_t>(vector.home->cols));
        kernels::dequantize_row(vector.matrix, 0, vector.values->data());
    }
    const bool is_fast = request.arithmetic == kernels::Arithmetic::fast && !request.for_gpu;
    if (owned && is_fast) repack(wishes, weights, pool);
    if (request.homes.tied) weights.output = weights.embedding;
    return weights;
}

}  // namespace greenroom::runtime
