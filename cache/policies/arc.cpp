#include "cache/policies/arc.hpp"

#include <algorithm>

namespace greenroom::cache {

void ArcPolicy::on_admit(io::ExpertKey key) {
    if (once_.contains(key) || again_.contains(key)) return on_use(key);
    const auto once = static_cast<double>(once_ghost_.size());
    const auto again = static_cast<double>(again_ghost_.size());
    const auto resident = static_cast<double>(once_.size() + again_.size() + 1);
    if (once_ghost_.contains(key)) {
        target_ = std::min(resident, target_ + std::max(1.0, again / once));
        again_.push_back(key);
    } else if (again_ghost_.contains(key)) {
        target_ = std::max(0.0, target_ - std::max(1.0, once / again));
        again_.push_back(key);
    } else {
        once_.push_back(key);
    }
    once_ghost_.erase(key);
    again_ghost_.erase(key);
}

void ArcPolicy::on_use(io::ExpertKey key) {
    once_.erase(key);
    again_.move_to_back(key);
}

void ArcPolicy::on_evict(io::ExpertKey key) {
    if (once_.contains(key)) {
        once_.erase(key);
        once_ghost_.move_to_back(key);
    } else if (again_.contains(key)) {
        again_.erase(key);
        again_ghost_.move_to_back(key);
    }
    trim_ghosts();
}

// Each ghost list remembers at most as many as are resident.
void ArcPolicy::trim_ghosts() {
    const std::size_t most = once_.size() + again_.size() + 1;
    for (KeyList* ghosts : {&once_ghost_, &again_ghost_}) {
        while (ghosts->size() > most) ghosts->erase(*ghosts->front());
    }
}

std::optional<io::ExpertKey> ArcPolicy::victim(const PinSet& pinned) const {
    const bool from_once = static_cast<double>(once_.size()) > target_ || again_.size() == 0;
    const KeyList& first = from_once ? once_ : again_;
    const KeyList& second = from_once ? again_ : once_;
    const auto key = first.first_free(pinned);
    return key ? key : second.first_free(pinned);
}

}  // namespace greenroom::cache
