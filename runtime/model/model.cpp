#include "runtime/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "kernels/host_memory.hpp"
#include "runtime/model/decoder.hpp"
#include "runtime/model/describe.hpp"
#include "runtime/model/family.hpp"
#include "runtime/model/memory_need.hpp"

namespace greenroom::runtime {
namespace {

// A model says how far it was trained; nobody who says nothing wants more memory than this takes.
constexpr int kDefaultContext = 4096;

// Context and batch as they are to be.
io::Result<ModelSettings> settle(ModelSettings settings, const Hyperparameters& h) {
    if (settings.context == 0) settings.context = std::min(h.context, kDefaultContext);
    if (settings.context < 1 || settings.context > kMaxContext) {
        return io::Error{fmt::format(
            "a context of {} positions, expected 1 to {}", settings.context, kMaxContext)};
    }
    if (settings.batch < 1) {
        return io::Error{fmt::format("a batch of {} tokens, expected at least 1", settings.batch)};
    }
    settings.batch = std::min(settings.batch, settings.context);
    return settings;
}

// Radians per position, by the rule of the family and the factors in the file.
io::Result<std::vector<float>> frequencies(const Hyperparameters& h,
                                           const std::vector<float>& factors,
                                           const std::string& file) {
    std::vector<float> out = rope_frequencies(h);
    for (std::size_t i = 0; i < factors.size(); ++i) {
        if (!std::isfinite(factors[i]) || factors[i] <= 0) {
            return io::Error{
                fmt::format("{}: rope frequency factor {} is {}, expected a positive number",
                            file,
                            i,
                            factors[i])};
        }
        out[i] /= factors[i];
    }
    return out;
}

}  // namespace

io::Result<std::unique_ptr<Model>> Model::load(io::ModelFiles files,
                                               const ModelSettings& settings,
                                               kernels::ThreadPool& pool,
                                               const LoadHooks& hooks) {
    auto identity = identify(files);
    if (!identity) return identity.error();
    auto homes = find_homes(files, *identity);
    if (!homes) return homes.error();
    const Hyperparameters& h = identity->hyperparameters;
    const auto settled = settle(settings, h);
    if (!settled) return settled.error();
    const std::string file = io::printable_path(files.root);
    const MemoryNeed need{
        .weights = runtime::weight_bytes(*homes),
        .keys_and_values = kv_cache_bytes(h, settled->kv_type, settled->context),
        .buffers = buffer_bytes(h, {settled->batch, settled->context, pool.size()})};
    if (const auto available = kernels::available_memory()) {
        auto fits = check_memory(need, *available, settled->context, file);
        if (!fits) return fits.error();
    }
    auto cache = KvCache::allocate(h, settled->kv_type, settled->context);
    if (!cache) return cache.error();
    auto weights = load_weights(files, *homes, settled->load, hooks);
    if (!weights) return weights.error();
    if (settled->arithmetic == kernels::Arithmetic::fast) repack(*weights, pool);
    auto inv_freq = frequencies(h, weights->rope_factors, file);
    if (!inv_freq) return inv_freq.error();
    auto experts = std::make_unique<cache::ResidentExperts>(std::move(weights->experts));
    Decoder::Parts parts{.name = file,
                         .hyperparameters = h,
                         .router = identity->family->router,
                         .attention = {.pairing = identity->family->rules(files.kind).pairing,
                                       .inv_freq = *std::move(inv_freq),
                                       .arithmetic = settled->arithmetic,
                                       .batch = settled->batch,
                                       .capacity = settled->context},
                         .weights = *std::move(weights),
                         .experts = std::move(experts),
                         .cache = *std::move(cache),
                         .weight_bytes = need.weights,
                         .bytes_per_token = weight_bytes_per_token(*homes, h)};
    return std::unique_ptr<Model>(std::make_unique<Decoder>(std::move(parts), pool));
}

}  // namespace greenroom::runtime
