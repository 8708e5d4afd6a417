#include "cache/tiers/guesses.hpp"

#include <algorithm>

namespace greenroom::cache {

Guesses::Guesses(const Parts& parts) : parts_(parts) {
    constexpr std::size_t kLikely = 64;  // more only cost an allocation
    guesses_.reserve(kLikely);
}

Guesses::Guess* Guesses::find(io::ExpertKey key) {
    const auto found = std::ranges::find(guesses_, key, &Guess::key);
    return found == guesses_.end() ? nullptr : &*found;
}

GuessAnswer Guesses::guess(io::ExpertKey key, GuessTier tier) {
    const ExpertHomes& homes = parts_.homes;
    if (key.layer >= homes.size() || key.expert >= homes[key.layer].size()) {
        return GuessAnswer::unknown;
    }
    if (top().find(key) != nullptr) return GuessAnswer::present;
    const Guess* const known = find(key);
    if (known != nullptr && known->is_withdrawn) return GuessAnswer::busy;
    Slot* slot = nullptr;
    if (parts_.device != nullptr && tier == GuessTier::top) {
        if (parts_.device->find_guess(key) != nullptr) return GuessAnswer::present;
        slot = parts_.device->guess(key);
        if (slot == nullptr) return GuessAnswer::busy;
        Slot* const source = send_for(key);
        if (source == nullptr) {
            parts_.device->drop_guess(key);
            return GuessAnswer::busy;
        }
        parts_.link->copy(*source, *slot, io::Urgency::guess);
    } else {
        if (known != nullptr || parts_.host.find(key) != nullptr) return GuessAnswer::present;
        slot = send_for(key);
        if (slot == nullptr) return GuessAnswer::busy;
    }
    if (known == nullptr) {
        guesses_.push_back({key});
        ++counters_.issued;
        counters_.issued_bytes += slot->bytes;
    }
    return GuessAnswer::taken;
}

Slot* Guesses::send_for(io::ExpertKey key) {
    if (Slot* const resident = parts_.host.find(key)) return resident;
    if (Slot* const guessed = parts_.host.find_guess(key)) return guessed;
    Slot* const slot = parts_.host.guess(key);
    if (slot == nullptr) return nullptr;
    const ExpertHome& home = parts_.homes[key.layer][key.expert];
    slot->load = parts_.loader.load(home, slot->memory, slot->landing, io::Urgency::guess);
    slot->sent_for = true;
    return slot;
}

void Guesses::withdraw(io::ExpertKey key) {
    Guess* const guess = find(key);
    if (guess == nullptr || guess->is_withdrawn) return;
    const Slot* slot = parts_.device != nullptr ? parts_.device->find_guess(key) : nullptr;
    if (slot == nullptr) slot = parts_.host.find_guess(key);
    if (slot != nullptr && !slot->landing.settled()) withdraw(*guess);
}

// The copy first: it must not wait for bytes that no longer come.
void Guesses::withdraw(Guess& guess) {
    guess.is_withdrawn = true;
    if (parts_.device != nullptr) {
        if (const Slot* slot = parts_.device->find_guess(guess.key)) parts_.link->withdraw(*slot);
    }
    const Slot* const on_host = parts_.host.find_guess(guess.key);
    if (on_host != nullptr && !on_host->landing.settled()) parts_.loader.withdraw(on_host->load);
}

bool Guesses::is_withdrawn(io::ExpertKey key) const {
    const auto found = std::ranges::find(guesses_, key, &Guess::key);
    return found != guesses_.end() && found->is_withdrawn;
}

void Guesses::review(int layer) {
    for (Guess& guess : guesses_) {
        const bool is_past = guess.key.layer == layer && !guess.is_withdrawn;
        if (is_past && top().find(guess.key) == nullptr) withdraw(guess);
    }
    std::erase_if(guesses_, [&](const Guess& guess) {
        return came_true(guess.key) || (guess.is_withdrawn && drop(guess.key));
    });
}

bool Guesses::came_true(io::ExpertKey key) {
    const Slot* const used = top().find(key);
    if (used == nullptr) return false;
    ++counters_.useful;
    counters_.useful_bytes += used->bytes;
    counters_.late += used->landing.settled() ? 0 : 1;
    return true;
}

// False while something still moves there.
bool Guesses::drop(io::ExpertKey key) {
    std::uint64_t bytes = 0;
    bool has_moved = false;
    for (Tier* const tier : {parts_.device, &parts_.host}) {
        const Slot* const slot = tier != nullptr ? tier->find_guess(key) : nullptr;
        if (slot == nullptr) continue;
        if (!slot->landing.settled()) return false;
        bytes = slot->bytes;
        has_moved = has_moved || slot->landing.wait();
    }
    ++(has_moved ? counters_.wasted : counters_.withdrawn);
    counters_.wasted_bytes += has_moved ? bytes : 0;
    if (parts_.device != nullptr) parts_.device->drop_guess(key);
    parts_.host.drop_guess(key);
    return true;
}

}  // namespace greenroom::cache
