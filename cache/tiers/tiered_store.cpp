#include "cache/tiers/tiered_store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::cache {

TieredStore::TieredStore(ExpertHomes homes,
                         const TieredSettings& settings,
                         const Residency::MakePolicy& make_policy,
                         std::unique_ptr<Loader> loader)
    : homes_(std::move(homes)),
      sizes_(slot_sizes(homes_)),
      inclusion_(settings.device ? settings.device->inclusion : Inclusion::inclusive),
      host_(settings.host, sizes_, make_policy),
      device_(settings.device
                  ? std::optional<Tier>(std::in_place, settings.device->tier, sizes_, make_policy)
                  : std::optional<Tier>()),
      link_(settings.device ? std::optional<CopyEngine>(std::in_place, settings.device->link)
                            : std::optional<CopyEngine>()),
      loader_(std::move(loader)),
      guesses_({.homes = homes_,
                .loader = *loader_,
                .host = host_,
                .device = device_ ? &*device_ : nullptr,
                .link = link_ ? &*link_ : nullptr}) {
    loader_->register_memory(host_.arena().slabs());
}

io::Result<Stages> TieredStore::announce(std::span<const io::ExpertKey> routed) {
    give_back_copies();
    note_guesses(routed);
    const auto outcome = device_ ? device_->use(routed) : bring_to_host(routed);
    if (!outcome) return outcome.error();
    for (const io::ExpertKey key : (*outcome)->hits) outcomes_[key] = UseOutcome::hit;
    if (device_) {
        fetched_.assign((*outcome)->misses.begin(), (*outcome)->misses.end());
        if (auto ok = bring_to_host(fetched_); !ok) return ok.error();
        bring_to_device(fetched_);
    }
    if (!routed.empty()) guesses_.review(routed.front().layer);
    return order_for_acquiring(routed);
}

void TieredStore::note_guesses(std::span<const io::ExpertKey> routed) {
    for (const io::ExpertKey key : routed) {
        const bool is_guessed = top().find_guess(key) != nullptr && !guesses_.is_withdrawn(key);
        outcomes_[key] = is_guessed ? UseOutcome::guess : UseOutcome::miss;
    }
}

io::Result<const EventOutcome*> TieredStore::bring_to_host(std::span<const io::ExpertKey> keys) {
    const auto outcome = host_.use(keys);
    if (!outcome) return outcome.error();
    // Those of withdrawn guesses last: it has to be waited for whether their bytes come after all.
    for (const bool is_withdrawn : {false, true}) {
        for (const io::ExpertKey key : (*outcome)->misses) {
            if (guesses_.is_withdrawn(key) == is_withdrawn) send_for(key, *host_.find(key));
        }
    }
    return outcome;
}

void TieredStore::send_for(io::ExpertKey key, Slot& slot) {
    if (slot.sent_for) {
        loader_->promote(slot.load);
        if (!guesses_.is_withdrawn(key) || slot.landing.wait()) return;
    }
    slot.load = loader_->load(home(key), slot.memory, slot.landing, io::Urgency::demand);
    slot.sent_for = true;
}

void TieredStore::bring_to_device(std::span<const io::ExpertKey> keys) {
    for (const io::ExpertKey key : keys) {
        Slot& slot = *device_->find(key);
        if (slot.sent_for) {
            link_->promote(slot);
            if (!slot.landing.settled() || slot.landing.wait()) continue;
        }
        link_->copy(*host_.find(key), slot, io::Urgency::demand);
    }
}

// Copies of what the last event fetched have landed, because it has been acquired; where they have
// not (it ended with an error), they stay.
void TieredStore::give_back_copies() {
    if (inclusion_ == Inclusion::inclusive) return;
    for (const io::ExpertKey key : fetched_) {
        const Slot* slot = device_->find(key);
        if (slot != nullptr && slot->landing.settled()) host_.forget(key);
    }
    fetched_.clear();
}

Stages TieredStore::order_for_acquiring(std::span<const io::ExpertKey> routed) {
    order_.clear();
    std::ptrdiff_t n_at_hand = 0;
    for (const io::ExpertKey key : routed) {  // each is asked once: it may land meanwhile
        const Slot* slot = top().find(key);
        const bool is_there = slot != nullptr && slot->landing.settled();
        order_.insert(is_there ? order_.begin() + n_at_hand++ : order_.end(), key);
    }
    if (!device_) return {.cpu = order_};
    return {.device = order_, .n_at_hand = static_cast<std::size_t>(n_at_hand)};
}

bool TieredStore::waits_for_disk(io::ExpertKey key) {
    const Slot* const on_host = host_.find(key);
    return on_host != nullptr && !on_host->landing.settled();
}

io::Result<ExpertLease> TieredStore::acquire(io::ExpertKey key) {
    const Slot* const slot = top().find(key);
    if (slot == nullptr) {
        return io::Error{fmt::format(
            "expert {} of layer {}: acquired without being announced", key.expert, key.layer)};
    }
    if (!slot->landing.settled()) {
        double& stall = waits_for_disk(key) ? stalls_.disk_s : stalls_.link_s;
        const auto begin = Clock::now();
        (void)slot->landing.wait();
        stall += std::chrono::duration<double>(Clock::now() - begin).count();
    }
    if (auto landed = slot->landing.wait(); !landed) {
        if (device_) device_->forget(key);
        host_.forget(key);
        return io::Error{fmt::format(
            "expert {} of layer {}: {}", key.expert, key.layer, landed.error().message)};
    }
    return ExpertLease(*this, key, weights_in(home(key), slot->memory));
}

StoreStatus TieredStore::status() const {
    StoreStatus out;
    out.host = host_.counters();
    out.host_bytes = host_.arena().used_bytes();
    out.host_peak_bytes = host_.arena().peak_bytes();
    out.slots = {.n_sizes = sizes_.n_sizes,
                 .largest_bytes = sizes_.largest,
                 .total_bytes = sizes_.total,
                 .waste_bytes = sizes_.total - sizes_.total_experts,
                 .host_slab_bytes = host_.arena().slab_bytes()};
    if (device_) {
        out.device = device_->counters();
        out.device_bytes = device_->arena().used_bytes();
        out.device_peak_bytes = device_->arena().peak_bytes();
        out.link_bytes = link_->bytes_copied();
    }
    out.disk = loader_->status();
    out.stalls = stalls_;
    out.guesses = guesses_.counters();
    return out;
}

}  // namespace greenroom::cache
