#include "runtime/generate/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace greenroom::runtime {
namespace {

constexpr float kLowest = std::numeric_limits<float>::lowest();
constexpr float kLargest = std::numeric_limits<float>::max();
constexpr std::size_t kReservedWindow = 4096;

float finite(float logit) {
    if (std::isnan(logit)) return kLowest;
    return std::clamp(logit, kLowest, kLargest);
}

}  // namespace

double Uniform::next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return static_cast<double>(z >> 11) * 0x1p-53;
}

Sampler::Sampler(const SamplerSettings& settings, std::size_t vocabulary_size)
    : settings_(settings), uniform_(settings.seed), counts_(vocabulary_size, 0) {
    candidates_.reserve(vocabulary_size);
    weights_.reserve(vocabulary_size);
    const auto last_n = static_cast<std::size_t>(std::max(settings.repeat_last_n, 0));
    window_.reserve(std::min(last_n, kReservedWindow));
}

TokenId Sampler::sample(std::span<const float> logits) {
    gather(logits);
    if (settings_.temperature <= 0 || settings_.top_k == 1) {
        return std::min_element(candidates_.begin(), candidates_.end(), likelier)->id;
    }
    keep_top_k();
    keep_probable();
    return draw();
}

void Sampler::accept(TokenId id) {
    const auto last_n = static_cast<std::size_t>(std::max(settings_.repeat_last_n, 0));
    const auto index = static_cast<std::size_t>(id);
    if (settings_.repeat_last_n == 0 || index >= counts_.size()) return;
    ++counts_[index];
    if (settings_.repeat_last_n < 0) return;
    if (window_.size() < last_n) {
        window_.push_back(id);
        return;
    }
    --counts_[static_cast<std::size_t>(window_[oldest_])];
    window_[oldest_] = id;
    oldest_ = (oldest_ + 1) % last_n;
}

void Sampler::forget_recent() {
    std::fill(counts_.begin(), counts_.end(), 0);
    window_.clear();
    oldest_ = 0;
}

void Sampler::reset() {
    forget_recent();
    uniform_ = Uniform(settings_.seed);
}

void Sampler::change(const SamplerSettings& settings) {
    if (settings.seed != settings_.seed) uniform_ = Uniform(settings.seed);
    if (settings.repeat_last_n != settings_.repeat_last_n) forget_recent();
    settings_ = settings;
}

// A total order, so that every sorting algorithm gives the same result.
bool Sampler::likelier(const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

void Sampler::gather(std::span<const float> logits) {
    candidates_.clear();
    for (std::size_t i = 0; i < logits.size(); ++i) {
        candidates_.push_back({finite(logits[i]), static_cast<TokenId>(i)});
    }
    apply_penalties();
}

void Sampler::apply_penalties() {
    const SamplerSettings& s = settings_;
    if (s.repeat_penalty == 1 && s.presence_penalty == 0 && s.frequency_penalty == 0) return;
    for (std::size_t i = 0; i < std::min(candidates_.size(), counts_.size()); ++i) {
        if (counts_[i] == 0) continue;
        double logit = candidates_[i].logit;
        logit = logit > 0 ? logit / s.repeat_penalty : logit * s.repeat_penalty;
        logit -= s.presence_penalty + counts_[i] * s.frequency_penalty;
        candidates_[i].logit = static_cast<float>(std::clamp<double>(logit, kLowest, kLargest));
    }
}

void Sampler::keep_top_k() {
    const auto k = static_cast<std::size_t>(settings_.top_k);
    if (k == 0 || k >= candidates_.size()) return;
    const auto end = candidates_.begin() + settings_.top_k;
    std::partial_sort(candidates_.begin(), end, candidates_.end(), likelier);
    candidates_.erase(end, candidates_.end());
}

// min_p and top_p keep the likeliest, each down to a probability of its own: their order does not
// matter as long as both see the same sum. min_p goes first because it leaves little to sort.
void Sampler::keep_probable() {
    const double top = std::min_element(candidates_.begin(), candidates_.end(), likelier)->logit;
    double sum = 0;
    for (const Candidate& c : candidates_) sum += std::exp(c.logit - top);
    if (settings_.min_p > 0) {
        const double least = std::min(top + std::log(settings_.min_p), top);
        std::erase_if(candidates_, [&](const Candidate& c) { return c.logit < least; });
    }
    if (settings_.top_p >= 1) return;
    std::sort(candidates_.begin(), candidates_.end(), likelier);
    double reached = 0;
    std::size_t kept = 0;
    while (kept < candidates_.size() && (kept == 0 || reached < settings_.top_p * sum)) {
        reached += std::exp(candidates_[kept++].logit - top);
    }
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(kept), candidates_.end());
}

TokenId Sampler::draw() {
    const auto likeliest = std::min_element(candidates_.begin(), candidates_.end(), likelier);
    const double top = likeliest->logit;
    weights_.clear();
    double sum = 0;
    for (const Candidate& c : candidates_) {
        weights_.push_back(std::exp((c.logit - top) / settings_.temperature));
        sum += weights_.back();
    }
    double left = uniform_.next() * sum;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        if (left < weights_[i]) return candidates_[i].id;
        left -= weights_[i];
    }
    return likeliest->id;  // rounding ate the last weight
}

float log_probability(std::span<const float> logits, TokenId id) {
    double top = kLowest;
    for (const float logit : logits) top = std::max<double>(top, finite(logit));
    double sum = 0;
    for (const float logit : logits) sum += std::exp(finite(logit) - top);
    return static_cast<float>(finite(logits[static_cast<std::size_t>(id)]) - top - std::log(sum));
}

}  // namespace greenroom::runtime
