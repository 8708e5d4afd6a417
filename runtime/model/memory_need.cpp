#include "runtime/model/memory_need.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "io/checked_math.hpp"

namespace greenroom::runtime {
namespace {

constexpr double kGiB = 1 << 30;

std::string gib(std::uint64_t bytes) {
    return fmt::format("{:.2f} GiB", static_cast<double>(bytes) / kGiB);
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
    return io::checked_add(a, b).value_or(std::numeric_limits<std::uint64_t>::max());
}

// What the user can do about it.
std::string advice(const MemoryNeed& need, std::uint64_t available, int context) {
    const std::uint64_t fixed = saturating_add(need.weights, need.buffers);
    if (fixed >= available) return "the weights alone do not fit";
    const double per_position = static_cast<double>(need.keys_and_values) / context;
    const auto fits = static_cast<int>(static_cast<double>(available - fixed) / per_position);
    return fits < 1 ? std::string("not one position would fit")
                    : fmt::format("a context of {} positions would fit", std::min(fits, context));
}

}  // namespace

std::uint64_t MemoryNeed::total() const {
    return saturating_add(saturating_add(weights, keys_and_values), buffers);
}

std::uint64_t buffer_bytes(const Hyperparameters& h, const Workload& load) {
    const auto u = [](int n) { return static_cast<std::uint64_t>(n); };
    const std::uint64_t ff = u(std::max(h.expert_ff, h.dense_ff));
    const std::uint64_t q = u(h.heads) * u(h.head_dim);
    const std::uint64_t kv = u(h.kv_heads) * u(h.head_dim);
    const std::uint64_t k = u(std::max(h.experts_used, 1));
    // Rounded activations: two forms of a byte a value, with a scale and sums for every few.
    const std::uint64_t per_token = (4 + k) * u(h.embed) + 2 * q + 2 * kv + 2 * ff + u(h.experts) +
                                    u(h.vocabulary) + (3 * u(h.embed) + q + ff) * 2 / 3;
    const kernels::KvLayer cache{.keys = nullptr,
                                 .values = nullptr,
                                 .type = kernels::KvType::f32,
                                 .n_kv_heads = h.kv_heads,
                                 .key_dim = h.head_dim,
                                 .value_dim = h.head_dim};
    const std::uint64_t scratch =
        u(load.threads) * kernels::attention_scratch(cache, h.heads, load.context);
    return sizeof(float) * (u(load.batch) * per_token + scratch);
}

io::Result<void> check_memory(const MemoryNeed& need,
                              std::uint64_t available,
                              int context,
                              const std::string& model) {
    if (need.total() <= available) return {};
    return io::Error{fmt::format(
        "{}: takes {} of memory ({} bytes: weights {}, keys and values of {} positions {}, buffers "
        "{}), {} are there ({} bytes); {}",
        model,
        gib(need.total()),
        need.total(),
        gib(need.weights),
        context,
        gib(need.keys_and_values),
        gib(need.buffers),
        gib(available),
        available,
        advice(need, available, context))};
}

}  // namespace greenroom::runtime
