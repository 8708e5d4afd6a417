#pragma once

#include "cache/key_list.hpp"
#include "cache/policy.hpp"

namespace greenroom::cache {

// ARC (Megiddo and Modha 2003): one list of experts used once, one of those used again, and ghosts
// of what left either; a ghost that comes back moves the balance its way. Counts experts, not
// bytes.
class ArcPolicy final : public Policy {
 public:
    void on_admit(io::ExpertKey key) override;
    void on_use(io::ExpertKey key) override;
    void on_evict(io::ExpertKey key) override;
    std::optional<io::ExpertKey> victim(const PinSet& pinned) const override;

 private:
    void trim_ghosts();

    KeyList once_, again_;              // resident, oldest first
    KeyList once_ghost_, again_ghost_;  // gone from there, oldest first
    double target_ = 0;                 // how many of the residents may be in once_
};

}  // namespace greenroom::cache
