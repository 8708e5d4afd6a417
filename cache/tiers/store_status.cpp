#include "cache/tiers/store_status.hpp"

namespace greenroom::cache {
namespace {

template <class Change>
void change_counts(TierCounters& to, const TierCounters& by, const Change& change) {
    change(to.hits, by.hits);
    change(to.misses, by.misses);
    change(to.hit_bytes, by.hit_bytes);
    change(to.miss_bytes, by.miss_bytes);
    change(to.evictions, by.evictions);
}

template <class Change>
void change_counts(GuessCounters& to, const GuessCounters& by, const Change& change) {
    change(to.issued, by.issued);
    change(to.useful, by.useful);
    change(to.late, by.late);
    change(to.wasted, by.wasted);
    change(to.withdrawn, by.withdrawn);
    change(to.issued_bytes, by.issued_bytes);
    change(to.useful_bytes, by.useful_bytes);
    change(to.wasted_bytes, by.wasted_bytes);
}

template <class Change>
StoreStatus changed(StoreStatus to, const StoreStatus& by, const Change& change) {
    change_counts(to.host, by.host, change);
    if (to.device && by.device) change_counts(*to.device, *by.device, change);
    change(to.cpu_experts, by.cpu_experts);
    change(to.disk.counters.bytes_read, by.disk.counters.bytes_read);
    change(to.disk.counters.reads, by.disk.counters.reads);
    change(to.disk.counters.retries, by.disk.counters.retries);
    change(to.link_bytes, by.link_bytes);
    change(to.link_busy_s, by.link_busy_s);
    change(to.stalls.disk_s, by.stalls.disk_s);
    change(to.stalls.link_s, by.stalls.link_s);
    change(to.stalls.policy_s, by.stalls.policy_s);
    change_counts(to.guesses, by.guesses, change);
    return to;
}

}  // namespace

StoreStatus since(const StoreStatus& before, const StoreStatus& now) {
    return changed(now, before, [](auto& to, auto by) { to -= by; });
}

StoreStatus sum(const StoreStatus& earlier, const StoreStatus& now) {
    return changed(now, earlier, [](auto& to, auto by) { to += by; });
}

}  // namespace greenroom::cache
