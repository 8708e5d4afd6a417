#include "cache/residency.hpp"

#include <algorithm>

namespace greenroom::cache {

Residency::Residency(const ResidencySettings& settings,
                     KeyTable<std::uint64_t> sizes,
                     const MakePolicy& make_policy)
    : settings_(settings), sizes_(std::move(sizes)) {
    const auto n = settings.scope == Scope::layer ? static_cast<std::size_t>(settings.n_layers) : 1;
    for (std::size_t i = 0; i < n; ++i) {
        const bool equal = settings.scope == Scope::global || settings.layer_budgets.empty();
        pools_.push_back(
            {make_policy(), equal ? settings.budget_bytes / n : settings.layer_budgets[i], 0});
    }
}

bool Residency::resident(io::ExpertKey key) const {
    const std::uint8_t* found = resident_.find(key);
    return found != nullptr && *found != 0;
}

Residency::Pool& Residency::pool_of(io::ExpertKey key) {
    return pools_[settings_.scope == Scope::layer ? key.layer : 0];
}

const EventOutcome& Residency::use(std::span<const io::ExpertKey> keys) {
    hits_.clear();
    misses_.clear();
    evicted_.clear();
    passing_.clear();
    outcome_ = {};
    if (keys.empty()) return outcome_;
    Pool& pool = pool_of(keys.front());
    split_hits_and_misses(keys);
    pinned_.assign(keys);
    make_room(pool,
              outcome_.miss_bytes,
              evicted_);  // first: a real slot must be free before its new tenant is read
    for (const io::ExpertKey key : keys) {
        resident(key) ? pool.policy->on_use(key) : pool.policy->on_admit(key);
    }
    for (const io::ExpertKey key : misses_) resident_[key] = 1;
    pool.bytes += outcome_.miss_bytes;
    total_bytes_ += outcome_.miss_bytes;
    if (settings_.overshoot == Overshoot::leaves) {
        pinned_.clear();
        make_room(pool, 0, passing_);
    }
    peak_bytes_ = std::max(peak_bytes_, total_bytes_);
    outcome_.hits = hits_;
    outcome_.misses = misses_;
    outcome_.evicted = evicted_;
    outcome_.passing = passing_;
    return outcome_;
}

void Residency::split_hits_and_misses(std::span<const io::ExpertKey> keys) {
    for (const io::ExpertKey key : keys) {
        const bool hit = resident(key);
        (hit ? hits_ : misses_).push_back(key);
        (hit ? outcome_.hit_bytes : outcome_.miss_bytes) += sizes_[key];
    }
}

void Residency::make_room(Pool& pool, std::uint64_t bytes, std::vector<io::ExpertKey>& evicted) {
    while (pool.bytes + bytes > pool.budget_bytes) {
        const auto victim = pool.policy->victim(pinned_);
        if (!victim) return;
        remove(pool, *victim);
        evicted.push_back(*victim);
    }
}

void Residency::remove(Pool& pool, io::ExpertKey key) {
    pool.policy->on_evict(key);
    resident_[key] = 0;
    pool.bytes -= sizes_[key];
    total_bytes_ -= sizes_[key];
}

void Residency::forget(io::ExpertKey key) {
    if (resident(key)) remove(pool_of(key), key);
}

}  // namespace greenroom::cache
