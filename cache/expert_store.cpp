#include "cache/expert_store.hpp"

#include <fmt/format.h>

namespace greenroom::cache {

ExpertLease& ExpertLease::operator=(ExpertLease&& other) noexcept {
    if (this != &other) {
        if (store_ != nullptr) store_->release(key_);
        store_ = std::exchange(other.store_, nullptr);
        key_ = other.key_;
        weights_ = other.weights_;
    }
    return *this;
}

ExpertLease::~ExpertLease() {
    if (store_ != nullptr) store_->release(key_);
}

io::Result<ExpertLease> ResidentExperts::acquire(io::ExpertKey key) {
    if (key.layer >= weights_.size() || key.expert >= weights_[key.layer].size()) {
        return io::Error{fmt::format(
            "expert {} of layer {}: the model has no such expert", key.expert, key.layer)};
    }
    return ExpertLease(*this, key, weights_[key.layer][key.expert]);
}

}  // namespace greenroom::cache
