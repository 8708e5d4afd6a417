#include "cache/tiers/tier.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::cache {

void Slot::wait_until_quiet() const {
    (void)landing.wait();  // whether the bytes came does not matter here
    for (int n = n_readers.load(); n != 0; n = n_readers.load()) n_readers.wait(n);
    if (last_read) last_read->wait();
}

Tier::Tier(const Settings& settings,
           const SlotSizes& sizes,
           const Residency::MakePolicy& make_policy)
    : residency_(settings.residency, sizes.bytes, make_policy),
      slot_bytes_(sizes.bytes),
      shifts_(sizes.shifts),
      arena_(std::min(settings.residency.budget_bytes, sizes.total) + settings.guess_bytes,
             sizes.largest,
             SlotArena::kSlabBytes,
             {.nodes = settings.reader == nullptr ? kernels::local_nodes() : std::vector<int>(),
              .allocate = settings.memory}),
      reader_(settings.reader),
      guess_budget_(settings.guess_bytes) {
    if (sizes.smallest == 0) return;
    // As many as the budgets hold, so that no token has to make one.
    spare_.resize(arena_.slab_bytes() / sizes.smallest);
    for (std::unique_ptr<Slot>& slot : spare_) slot = make_slot();
}

std::unique_ptr<Slot> Tier::make_slot() const {
    auto slot = std::make_unique<Slot>();
    if (reader_ != nullptr) slot->last_read.emplace(*reader_);
    return slot;
}

io::Result<const EventOutcome*> Tier::use(std::span<const io::ExpertKey> keys) {
    end_event();
    const EventOutcome& outcome = residency_.use(keys);
    counters_.hits += outcome.hits.size();
    counters_.misses += outcome.misses.size();
    counters_.hit_bytes += outcome.hit_bytes;
    counters_.miss_bytes += outcome.miss_bytes;
    counters_.evictions += outcome.evictions();
    for (const io::ExpertKey key : outcome.evicted) give_slot(slots_[key]);
    passing_.assign(outcome.passing.begin(), outcome.passing.end());
    bool enough = true;
    for (const io::ExpertKey key : outcome.misses) {
        if (!passing_.empty() && guesses_[key] == nullptr && departing_[key] == nullptr) {
            waiting_.push_back(key);
            continue;
        }
        slots_[key] = slot_for(key);
        enough = enough && slots_[key] != nullptr;
    }
    if (enough) return &outcome;
    // Nobody will send for those that got a slot either.
    for (const io::ExpertKey key : outcome.misses) forget(key);
    return io::Error{fmt::format("layer {}: the system has no memory for {} more experts",
                                 keys.front().layer,
                                 outcome.misses.size())};
}

void Tier::end_event() {
    for (const io::ExpertKey key : passing_) {
        if (slots_[key] != nullptr) give_slot(slots_[key]);
    }
    for (const io::ExpertKey key : waiting_) {
        if (slots_[key] == nullptr) residency_.forget(key);
    }
    passing_.clear();
    waiting_.clear();
}

bool Tier::has_room_for(io::ExpertKey key) {
    sweep();
    const std::uint64_t bytes = slot_bytes_[key];
    const std::uint64_t kept_for_guesses = guess_budget_ - guess_bytes_;
    return arena_.used_bytes() + kept_for_guesses + bytes <= arena_.slab_bytes() &&
           arena_.has_gap(bytes);
}

Slot* Tier::take_turn(io::ExpertKey key) {
    slots_[key] = slot_for(key);
    return slots_[key].get();
}

void Tier::leave(io::ExpertKey key) {
    if (std::erase(passing_, key) != 0) depart(key);
}

std::unique_ptr<Slot> Tier::slot_for(io::ExpertKey key) {
    if (guesses_[key] != nullptr) {
        guess_bytes_ -= guesses_[key]->bytes;
        return std::move(guesses_[key]);
    }
    if (departing_[key] != nullptr) {
        std::erase(departed_, key);
        return std::move(departing_[key]);
    }
    make_room(slot_bytes_[key]);
    return take_slot(key);
}

Slot* Tier::find(io::ExpertKey key) {
    return slots_[key].get();
}

void Tier::forget(io::ExpertKey key) {
    residency_.forget(key);
    if (slots_[key] != nullptr) give_slot(slots_[key]);
}

void Tier::depart(io::ExpertKey key) {
    residency_.forget(key);
    if (slots_[key] == nullptr) return;
    if (slots_[key]->is_quiet()) return give_slot(slots_[key]);
    departing_[key] = std::move(slots_[key]);
    departed_.push_back(key);
}

Slot* Tier::find_departing(io::ExpertKey key) {
    return departing_[key].get();
}

void Tier::sweep() {
    std::erase_if(departed_, [&](io::ExpertKey key) {
        if (!departing_[key]->is_quiet()) return false;
        give_slot(departing_[key]);
        return true;
    });
}

void Tier::make_room(std::uint64_t bytes) {
    while (!departed_.empty() && arena_.used_bytes() + bytes > arena_.slab_bytes()) {
        give_slot(departing_[departed_.front()]);
        departed_.erase(departed_.begin());
    }
}

Slot* Tier::guess(io::ExpertKey key) {
    const std::uint64_t bytes = slot_bytes_[key];
    if (slots_[key] != nullptr || guesses_[key] != nullptr) return nullptr;
    if (guess_bytes_ + bytes > guess_budget_) return nullptr;
    guesses_[key] = take_slot(key);
    if (guesses_[key] != nullptr) guess_bytes_ += bytes;
    return guesses_[key].get();
}

Slot* Tier::find_guess(io::ExpertKey key) {
    return guesses_[key].get();
}

void Tier::drop_guess(io::ExpertKey key) {
    if (guesses_[key] == nullptr) return;
    guess_bytes_ -= guesses_[key]->bytes;
    give_slot(guesses_[key]);
}

std::unique_ptr<Slot> Tier::take_slot(io::ExpertKey key) {
    const std::uint64_t bytes = slot_bytes_[key];
    std::byte* memory = arena_.take(bytes);
    if (memory == nullptr) return nullptr;
    if (spare_.empty()) spare_.push_back(make_slot());
    std::unique_ptr<Slot> slot = std::move(spare_.back());
    spare_.pop_back();
    slot->memory = memory;
    slot->bytes = bytes;
    slot->shift = reader_ != nullptr ? shifts_[key] : 0;
    slot->sent_for = false;
    return slot;
}

void Tier::give_slot(std::unique_ptr<Slot>& slot) {
    if (hurry_ && !slot->is_quiet()) hurry_(*slot);
    slot->wait_until_quiet();
    if (slot->landing.memory_lost()) {
        arena_.abandon(slot->bytes);
    } else {
        arena_.give(slot->memory, slot->bytes);
    }
    spare_.push_back(std::move(slot));
}

}  // namespace greenroom::cache
