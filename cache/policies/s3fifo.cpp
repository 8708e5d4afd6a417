#include "cache/policies/s3fifo.hpp"

namespace greenroom::cache {
namespace {

constexpr std::uint8_t kMostUses = 3;  // two bits per object in the paper

}  // namespace

void S3FifoPolicy::on_admit(io::ExpertKey key) {
    if (small_.contains(key) || main_.contains(key)) return on_use(key);
    uses_[key] = 0;
    (ghost_.contains(key) ? main_ : small_).push_back(key);
    ghost_.erase(key);
}

void S3FifoPolicy::on_use(io::ExpertKey key) {
    if (uses_[key] < kMostUses) ++uses_[key];
}

void S3FifoPolicy::on_evict(io::ExpertKey key) {
    if (small_.contains(key)) {
        promote_before(key);
        small_.erase(key);
        remember(key);
    } else if (main_.contains(key)) {
        recycle_before(key);
        main_.erase(key);
    }
}

bool S3FifoPolicy::small_is_due() const {
    const double resident = static_cast<double>(small_.size() + main_.size());
    return static_cast<double>(small_.size()) > small_share_ * resident || main_.size() == 0;
}

std::optional<io::ExpertKey> S3FifoPolicy::victim(const PinSet& pinned) const {
    if (small_is_due()) {
        for (auto at = small_.front(); at; at = small_.next(*at)) {
            if (*uses_.find(*at) == 0 && !pinned.contains(*at)) return at;
        }
    }
    const auto from_main = main_victim(pinned);
    return from_main ? from_main : small_.first_free(pinned);
}

// The one that the paper's rounds of recycling reach first: fewest uses, then oldest.
std::optional<io::ExpertKey> S3FifoPolicy::main_victim(const PinSet& pinned) const {
    std::optional<io::ExpertKey> best;
    for (auto at = main_.front(); at; at = main_.next(*at)) {
        if (pinned.contains(*at)) continue;
        if (!best || *uses_.find(*at) < *uses_.find(*best)) best = at;
        if (*uses_.find(*best) == 0) break;
    }
    return best;
}

void S3FifoPolicy::promote_before(io::ExpertKey key) {
    while (small_.front() && *small_.front() != key) {
        const io::ExpertKey passed = *small_.front();
        small_.erase(passed);
        main_.push_back(passed);
        uses_[passed] = 0;
    }
}

// As many rounds as the victim had uses: each takes one use from everybody, and those before the
// victim lose one more and go to the back.
void S3FifoPolicy::recycle_before(io::ExpertKey key) {
    const std::uint8_t rounds = uses_[key];
    for (auto at = main_.front(); at; at = main_.next(*at)) {
        uses_[*at] -= std::min(uses_[*at], rounds);
    }
    while (*main_.front() != key) {
        const io::ExpertKey passed = *main_.front();
        main_.move_to_back(passed);
        if (uses_[passed] > 0) --uses_[passed];
    }
}

void S3FifoPolicy::remember(io::ExpertKey key) {
    ghost_.move_to_back(key);
    while (ghost_.size() > main_.size() + small_.size() + 1) ghost_.erase(*ghost_.front());
}

}  // namespace greenroom::cache
