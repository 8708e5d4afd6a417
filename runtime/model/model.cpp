#include "runtime/model/model.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "cache/gpu_alignment.hpp"
#include "kernels/host_memory.hpp"
#include "runtime/model/decoder.hpp"
#include "runtime/model/describe.hpp"
#include "runtime/model/family.hpp"
#include "runtime/model/gpu_budget.hpp"
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

// What a model without its routed experts has in its files.
ModelHomes without_experts(ModelHomes homes) {
    for (LayerHomes& layer : homes.layers) {
        if (layer.router) layer.experts.clear();
    }
    return homes;
}

// What tiers take of host memory, an emulated device's included.
std::uint64_t host_budget_bytes(const ExpertTierSettings& tiers) {
    const std::uint64_t guesses = tiers.guess_bytes.value_or(0);
    const bool has_emulated = tiers.device && tiers.device->gpu == nullptr;
    return tiers.host_budget_bytes.value_or(0) + guesses +
           (has_emulated ? tiers.device->budget_bytes + guesses : 0);
}

// Tiers where they are asked for, and where the experts do not all fit into memory.
ExpertTierSettings choose_tiers(const ModelHomes& homes,
                                ExpertTierSettings asked,
                                const MemoryNeed& need,
                                std::optional<std::uint64_t> available) {
    count_layer_budgets(homes, asked);
    const bool has_experts = std::ranges::all_of(
        homes.layers, [](const LayerHomes& layer) { return layer.router.has_value(); });
    if (!has_experts) return {};
    const bool fits = !available || need.total() <= *available;
    const bool has_gpu = asked.device && asked.device->gpu != nullptr;
    if (has_gpu && fits && !asked.host_budget_bytes) {
        asked.host_budget_bytes = bytes_of_all_slots(homes);
    }
    if (asked.host_budget_bytes || fits) return asked;
    // A tenth of what is free stays so, for the page cache and for everybody else.
    const std::uint64_t fixed = runtime::weight_bytes(without_experts(homes)) +
                                need.keys_and_values + need.buffers + host_budget_bytes(asked);
    const std::uint64_t usable = *available - *available / 10;
    asked.host_budget_bytes = usable - std::min(usable, fixed);
    return asked;
}

struct Experts {
    std::unique_ptr<cache::ExpertStore> store;
    cache::TieredStore* tiers = nullptr;
    std::vector<std::string> notices = {};
};

io::Result<Experts> make_experts(const io::ModelFiles& files,
                                 const ModelHomes& homes,
                                 const ExpertTierSettings& settings,
                                 std::vector<std::vector<kernels::ExpertWeights>> in_memory) {
    if (!wants_tiers(settings)) {
        Experts out{std::make_unique<cache::ResidentExperts>(std::move(in_memory))};
        if (settings.prefetch.predictor != "none") {
            out.notices.push_back(
                fmt::format("prefetch.predictor {}: every expert is in memory, there is nothing to "
                            "fetch ahead",
                            settings.prefetch.predictor));
        }
        return out;
    }
    auto tiers = make_expert_tiers(homes, files.files, settings);
    if (!tiers) return tiers.error();
    cache::TieredStore* const store = tiers->store.get();
    return Experts{std::move(tiers->store), store, std::move(tiers->notices)};
}

// What is loaded and how, decided before anything is read.
struct Plan {
    Identity identity;
    ModelHomes homes;
    ModelHomes in_memory;  // those that do not stand in tiers
    ModelSettings settings;
    ExpertTierSettings tiers;
    std::uint64_t dense_bytes = 0;  // of in_memory
    std::string file;
};

io::Result<Plan> plan_load(const io::ModelFiles& files,
                           const ModelSettings& settings,
                           int threads) {
    auto identity = identify(files);
    if (!identity) return identity.error();
    auto homes = find_homes(files, *identity);
    if (!homes) return homes.error();
    const Hyperparameters& h = identity->hyperparameters;
    const auto settled = settle(settings, h);
    if (!settled) return settled.error();
    Plan plan{.identity = *identity,
              .homes = *std::move(homes),
              .in_memory = {},
              .settings = *settled,
              .tiers = {},
              .file = io::printable_path(files.root)};
    const int context = settled->context;
    MemoryNeed need{.weights = runtime::weight_bytes(plan.homes),
                    .keys_and_values = kv_cache_bytes(h, settled->kv_type, context),
                    .buffers = buffer_bytes(h, {settled->batch, context, threads})};
    const auto available = kernels::available_memory();
    ExpertTierSettings asked = settled->experts;
    if (settled->gpu.stream != nullptr) {
        if (!asked.device) asked.device.emplace();
        asked.device->gpu = settled->gpu.stream;
    }
    if (!asked.guess_bytes) {
        asked.guess_bytes = bytes_for_guesses(plan.homes, asked.prefetch, h.experts_used);
    }
    plan.tiers = choose_tiers(plan.homes, asked, need, available);
    plan.in_memory = wants_tiers(plan.tiers) ? without_experts(plan.homes) : plan.homes;
    plan.dense_bytes = runtime::weight_bytes(plan.in_memory);
    need.weights = plan.dense_bytes + host_budget_bytes(plan.tiers);
    if (!available) return plan;
    auto fits = check_memory(need, *available, context, plan.file);
    if (!fits) return fits.error();
    return plan;
}

// Null where no guess could go anywhere.
io::Result<std::unique_ptr<Prefetcher>> make_prefetcher(const Weights& weights,
                                                        const Plan& plan,
                                                        kernels::ThreadPool& pool,
                                                        cache::TieredStore* tiers) {
    if (tiers == nullptr || plan.tiers.prefetch.predictor == "none") {
        return std::unique_ptr<Prefetcher>();
    }
    const Hyperparameters& h = plan.identity.hyperparameters;
    auto scores = std::make_unique<RouterScores>(
        routers_of(weights),  // they stay where they are when the weights are moved
        RouterScores::Settings{h.embed, h.rms_eps, plan.settings.arithmetic},
        pool);
    return Prefetcher::make(
        routing_shape(plan.homes, h.experts_used), plan.tiers.prefetch, std::move(scores), *tiers);
}

// By layer: whether all its experts have the same types.
std::vector<bool> are_alike(const ModelHomes& homes) {
    std::vector<bool> out;
    for (const LayerHomes& layer : homes.layers) {
        const FfnHome& first = layer.experts.front();
        out.push_back(std::ranges::all_of(layer.experts, [&](const FfnHome& home) {
            return home.gate.type == first.gate.type && home.up.type == first.up.type &&
                   home.down.type == first.down.type && home.gate.type == home.up.type;
        }));
    }
    return out;
}

DeviceLayers::Settings gpu_settings(const Plan& plan, kernels::RopePairing pairing) {
    return {.pairing = pairing,
            .rule = plan.identity.family->router,
            .kv_type = plan.settings.kv_type,
            .batch = plan.settings.batch,
            .capacity = plan.settings.context,
            .are_alike = are_alike(plan.homes)};
}

bool computes_misses_on_cpu(const ExpertTierSettings& tiers) {
    return tiers.device && tiers.device->miss != cache::MissRule::fetch;
}

// Whether a GPU can read every expert from a copy of its slot.
io::Result<void> check_gpu_reads(const Plan& plan) {
    for (std::size_t l = 0; l < plan.homes.layers.size(); ++l) {
        const std::vector<FfnHome>& experts = plan.homes.layers[l].experts;
        const auto stray = std::ranges::find_if_not(
            experts, [](const FfnHome& home) { return cache::gpu_shift(home).has_value(); });
        if (stray == experts.end()) continue;
        return io::Error{fmt::format(
            "{}: the matrices of expert {} of layer {} begin at bytes {}, {} and {}, which a GPU "
            "cannot read from",
            plan.file,
            stray - experts.begin(),
            l,
            stray->gate.range.offset,
            stray->up.range.offset,
            stray->down.range.offset)};
    }
    return {};
}

// Of the GPU's memory, what the dense weights leave; without a GPU nothing happens.
io::Result<void> budget_gpu_experts(const Weights& weights,
                                    std::span<const float> inv_freq,
                                    const DeviceLayers::Settings& settings,
                                    Plan& plan) {
    kernels::Stream* const stream = plan.settings.gpu.stream;
    if (stream == nullptr) return {};
    const Hyperparameters& h = plan.identity.hyperparameters;
    kernels::Device& device = stream->device();
    GpuRoom room{.free = device.memory().free,
                 .reserve = plan.settings.gpu.reserve_bytes,
                 .dense = DeviceLayers::need({h, weights, inv_freq, *stream}, settings)};
    GpuExperts experts;
    if (plan.tiers.device) {
        if (auto ok = check_gpu_reads(plan); !ok) return ok.error();
        room.guesses = plan.tiers.guess_bytes.value_or(0);
        experts.asked = plan.tiers.device->budget_bytes;
        experts.all = bytes_of_all_slots(plan.homes);
        experts.least = bytes_of_a_token(plan.homes, h.experts_used);
    }
    const auto budget = gpu_expert_budget(room, experts, device.facts().name);
    if (!budget) return budget.error();
    if (plan.tiers.device) plan.tiers.device->budget_bytes = *budget;
    return {};
}

struct ForGpu {
    Weights& weights;
    std::span<const float> inv_freq;
    const Plan& plan;
};

// Null without a GPU. With one, only the routers' weights stay in host memory.
io::Result<std::unique_ptr<DeviceLayers>> put_on_gpu(const ForGpu& what,
                                                     const DeviceLayers::Settings& settings,
                                                     cache::ExpertStore& store) {
    kernels::Stream* const stream = what.plan.settings.gpu.stream;
    if (stream == nullptr) return std::unique_ptr<DeviceLayers>();
    auto made = DeviceLayers::make(
        {what.plan.identity.hyperparameters, what.weights, what.inv_freq, *stream},
        settings,
        store);
    if (made && !keep_routers_alone(what.weights)) {
        return io::Error{fmt::format("{}: no memory for the routers", what.plan.file)};
    }
    return made;
}

}  // namespace

io::Result<std::unique_ptr<Model>> Model::load(io::ModelFiles files,
                                               const ModelSettings& settings,
                                               kernels::ThreadPool& pool,
                                               const LoadHooks& hooks) {
    auto plan = plan_load(files, settings, pool.size());
    if (!plan) return plan.error();
    const Hyperparameters& h = plan->identity.hyperparameters;
    const ModelSettings& settled = plan->settings;
    auto cache = KvCache::allocate(h, settled.kv_type, settled.context);
    if (!cache) return cache.error();
    auto weights = load_weights({.files = files,
                                 .homes = plan->in_memory,
                                 .method = settled.load,
                                 .arithmetic = settled.arithmetic,
                                 .for_gpu = settled.gpu.stream != nullptr,
                                 .fill = settled.fill},
                                pool,
                                hooks);
    if (!weights) return weights.error();
    auto inv_freq = frequencies(h, weights->rope_factors, plan->file);
    if (!inv_freq) return inv_freq.error();
    const Family& family = *plan->identity.family;
    const auto pairing = family.rules(files.kind).pairing;
    DeviceLayers::Settings on_gpu = gpu_settings(*plan, pairing);
    if (computes_misses_on_cpu(plan->tiers)) on_gpu.cpu = &pool;
    if (auto ok = budget_gpu_experts(*weights, *inv_freq, on_gpu, *plan); !ok) return ok.error();
    auto experts = make_experts(files, plan->homes, plan->tiers, weights->experts);
    if (!experts) return experts.error();
    auto gpu = put_on_gpu({*weights, *inv_freq, *plan}, on_gpu, *experts->store);
    if (!gpu) return gpu.error();
    auto prefetcher = make_prefetcher(*weights, *plan, pool, experts->tiers);
    if (!prefetcher) return prefetcher.error();
    if (*gpu != nullptr) (*gpu)->predict_with(prefetcher->get());
    Decoder::Parts parts{.name = plan->file,
                         .hyperparameters = h,
                         .router = family.router,
                         .attention = {.pairing = pairing,
                                       .inv_freq = *std::move(inv_freq),
                                       .arithmetic = settled.arithmetic,
                                       .batch = settled.batch,
                                       .capacity = settled.context},
                         .weights = *std::move(weights),
                         .experts = std::move(experts->store),
                         .files = {},
                         .tiers = experts->tiers,
                         .prefetcher = *std::move(prefetcher),
                         .gpu = *std::move(gpu),
                         .notices = std::move(experts->notices),
                         .cache = *std::move(cache),
                         .weight_bytes = plan->dense_bytes,
                         .bytes_per_token = weight_bytes_per_token(plan->homes, h),
                         .routing_facts = runtime::routing_facts(plan->homes, h)};
    // The files' addresses stay: a moved vector keeps its elements.
    if (experts->tiers != nullptr) parts.files = std::move(files);
    return std::unique_ptr<Model>(std::make_unique<Decoder>(std::move(parts), pool));
}

std::vector<prefetch::PredictionCounters> predictions_since(
    std::span<const prefetch::PredictionCounters> before, const Model& model) {
    const std::span<const prefetch::PredictionCounters> now = model.predictions();
    std::vector<prefetch::PredictionCounters> out(now.begin(), now.end());
    for (std::size_t l = 0; l < std::min(before.size(), out.size()); ++l) {
        out[l].guessed -= before[l].guessed;
        out[l].used -= before[l].used;
        out[l].right -= before[l].right;
    }
    return out;
}

std::optional<cache::StoreStatus> tier_status(Model& model) {
    const cache::TieredStore* const tiers = model.expert_tiers();
    if (tiers == nullptr) return std::nullopt;
    return tiers->status();
}

}  // namespace greenroom::runtime
