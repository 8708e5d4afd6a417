#pragma once

#include <cstdint>

#include "cache/key_list.hpp"
#include "cache/key_table.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

// S3-FIFO (Yang et al. 2023): newcomers wait in a small queue, those used again there move to the
// main queue, those evicted from the small one are remembered and enter the main one when they come
// back. Moves that the paper makes while looking for a victim are made in on_evict, so that asking
// changes nothing.
class S3FifoPolicy final : public Policy {
 public:
    explicit S3FifoPolicy(double small_share = 0.1) : small_share_(small_share) {}

    void on_admit(io::ExpertKey key) override;
    void on_use(io::ExpertKey key) override;
    void on_evict(io::ExpertKey key) override;
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override;

 private:
    bool small_is_due() const;
    std::optional<io::ExpertKey> main_victim(const PinSet& pinned) const;
    void promote_before(io::ExpertKey key);
    void recycle_before(io::ExpertKey key);
    void remember(io::ExpertKey key);

    double small_share_;
    KeyList small_, main_, ghost_;
    KeyTable<std::uint8_t> uses_;  // since admission or the last recycling, at most 3
};

}  // namespace greenroom::cache
