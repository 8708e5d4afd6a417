#include "runtime/lab/virtual_tiers.hpp"

#include <algorithm>

namespace greenroom::runtime {
namespace {

template <class T>
T value_or(const cache::KeyTable<T>& table, io::ExpertKey key, T otherwise) {
    const T* found = table.find(key);
    return found == nullptr ? otherwise : *found;
}

std::optional<cache::Residency> host_residency(const VirtualTierSettings& settings,
                                               const cache::KeyTable<std::uint64_t>& sizes,
                                               const cache::Residency::MakePolicy& make_policy) {
    if (!settings.host) return std::nullopt;
    return cache::Residency(*settings.host, sizes, make_policy);
}

}  // namespace

VirtualTiers::VirtualTiers(const VirtualTierSettings& settings,
                           const cache::KeyTable<std::uint64_t>& sizes,
                           const cache::Residency::MakePolicy& make_policy)
    : settings_(settings),
      sizes_(sizes),
      top_(settings.top, sizes, make_policy),
      host_(host_residency(settings, sizes, make_policy)),
      disk_(settings.disk),
      link_(settings.link),
      paths_(settings.miss) {}

void VirtualTiers::set_time(double now) {
    now_ = now;
    for (const VirtualChannel::Arrival& arrival : disk_.advance(now)) {
        (has_device() ? host_at_ : top_at_)[arrival.key] = arrival.at;
        if (has_device()) link_.start(arrival.key, arrival.at);
    }
    if (!has_device()) return;
    for (const VirtualChannel::Arrival& arrival : link_.advance(now)) {
        top_at_[arrival.key] = arrival.at;
    }
}

bool VirtualTiers::in_host(io::ExpertKey key) const {
    return settings_.host_is_filled || (host_ && host_->resident(key));
}

double VirtualTiers::in_host_at(io::ExpertKey key) const {
    return settings_.host_is_filled ? 0 : value_or(has_device() ? host_at_ : top_at_, key, 0.0);
}

const cache::EventOutcome& VirtualTiers::use(std::span<const io::ExpertKey> keys) {
    give_back_copies();
    const cache::EventOutcome& outcome = top_.use(keys);
    on_cpu_.clear();
    missed_.assign(outcome.misses.begin(), outcome.misses.end());
    if (has_device() && !settings_.host_is_filled) bring_to_host(outcome.misses);
    if (has_device() && settings_.miss != cache::MissRule::fetch) {
        for (const io::ExpertKey key : outcome.evicted) link_.withdraw(key);
        split(keys);
        review_guesses(keys);
        return outcome;
    }
    for (const bool at_once : {true, false}) {  // what waits for the disk lets others pass
        for (const io::ExpertKey key : outcome.misses) {
            const bool waits = has_device() && in_host_at(key) > now_;
            if (waits != at_once) bring_to_top(key);
        }
    }
    review_guesses(keys);
    return outcome;
}

double VirtualTiers::from_disk(io::ExpertKey key,
                               cache::KeyTable<Place>& guesses,
                               std::uint64_t& bytes) {
    if (guesses[key] == Place::nowhere) return disk_.demand(now_, now_, *sizes_.find(key));
    guesses[key] = Place::nowhere;
    bytes -= *sizes_.find(key);
    const double at = value_or(has_device() ? host_at_ : top_at_, key, kNever);
    return at < kNever ? at : disk_.promote(now_, now_, key);
}

void VirtualTiers::bring_to_host(std::span<const io::ExpertKey> keys) {
    for (const io::ExpertKey key : host_->use(keys).misses) {
        host_at_[key] = from_disk(key, host_guess_, host_guess_bytes_);
    }
}

void VirtualTiers::bring_to_top(io::ExpertKey key) {
    if (!has_device()) {
        top_at_[key] = from_disk(key, top_guess_, top_guess_bytes_);
        return;
    }
    const double ready = in_host_at(key);
    if (top_guess_[key] == Place::nowhere) {
        top_at_[key] = link_.demand(now_, ready, *sizes_.find(key));
        return;
    }
    top_guess_[key] = Place::nowhere;
    top_guess_bytes_ -= *sizes_.find(key);
    if (top_at_[key] == kNever) top_at_[key] = link_.promote(now_, ready, key);
}

void VirtualTiers::split(std::span<const io::ExpertKey> keys) {
    for (const io::ExpertKey key : missed_) {
        if (top_guess_[key] == Place::nowhere) top_at_[key] = kNever;
    }
    const auto second = [](double bytes_per_s) {
        return cache::Work{static_cast<std::uint64_t>(bytes_per_s), 1};
    };
    paths_.begin_event(second(settings_.link.bytes_per_s), second(settings_.cpu_bytes_per_s));
    for (const io::ExpertKey key : keys) {
        if (top_at_[key] <= now_) continue;
        const bool is_missed = std::ranges::count(missed_, key) != 0;
        if (paths_.choose(*sizes_.find(key)) == cache::MissPath::cpu) {
            leave_to_cpu(key);
        } else if (is_missed) {
            bring_to_top(key);
        } else if (top_at_[key] == kNever) {
            top_at_[key] = link_.promote(now_, in_host_at(key), key);
        }
    }
}

void VirtualTiers::leave_to_cpu(io::ExpertKey key) {
    on_cpu_.push_back(key);
    if (top_guess_[key] == Place::guessed) {  // its copy is on the way
        top_guess_[key] = Place::nowhere;
        top_guess_bytes_ -= *sizes_.find(key);
    } else if (std::ranges::count(missed_, key) != 0 && top_.resident(key)) {
        link_.guess(now_, key, in_host_at(key), *sizes_.find(key));
    }
}

// As in the engine: what has come to the device is given back in host memory before the next event.
void VirtualTiers::give_back_copies() {
    if (settings_.inclusion == cache::Inclusion::inclusive || !has_device()) return;
    for (const io::ExpertKey key : missed_) {
        if (top_.resident(key)) host_->forget(key);
    }
}

// As in the engine: guesses of a layer that has routed are used now, or go.
void VirtualTiers::review_guesses(std::span<const io::ExpertKey> keys) {
    if (keys.empty()) return;
    std::erase_if(guessed_, [&](io::ExpertKey key) {
        if (key.layer != keys.front().layer) return false;
        if (std::ranges::find(keys, key) != keys.end()) {
            ++counters_.useful;
            counters_.late += arrives_at(key) > now_ ? 1 : 0;
        } else {
            ++counters_.wasted;
            drop(key);
        }
        return true;
    });
}

void VirtualTiers::drop(io::ExpertKey key) {
    link_.withdraw(key);
    disk_.withdraw(key);
    if (top_guess_[key] == Place::guessed) top_guess_bytes_ -= *sizes_.find(key);
    if (host_guess_[key] == Place::guessed) host_guess_bytes_ -= *sizes_.find(key);
    top_guess_[key] = host_guess_[key] = Place::nowhere;
}

void VirtualTiers::guess_into_host(io::ExpertKey key) {
    host_guess_[key] = Place::guessed;
    host_guess_bytes_ += *sizes_.find(key);
    host_at_[key] = kNever;
    disk_.guess(now_, key, now_, *sizes_.find(key));
}

cache::GuessAnswer VirtualTiers::guess(io::ExpertKey key, cache::GuessTier tier) {
    if (sizes_.find(key) == nullptr) return cache::GuessAnswer::unknown;
    const bool stays_in_host = tier == cache::GuessTier::host && has_device();
    if (top_.resident(key) || top_guess_[key] == Place::guessed) {
        return cache::GuessAnswer::present;
    }
    const bool is_in_host = has_device() && (in_host(key) || host_guess_[key] == Place::guessed);
    if (stays_in_host && is_in_host) return cache::GuessAnswer::present;
    if (has_device() && !is_in_host) {
        if (!has_room(host_guess_bytes_, key)) return cache::GuessAnswer::busy;
        if (stays_in_host || has_room(top_guess_bytes_, key)) guess_into_host(key);
    }
    if (!stays_in_host) {
        if (!has_room(top_guess_bytes_, key)) return cache::GuessAnswer::busy;
        top_guess_[key] = Place::guessed;
        top_guess_bytes_ += *sizes_.find(key);
        top_at_[key] = kNever;
        if (has_device()) {
            link_.guess(now_, key, in_host_at(key), *sizes_.find(key));
        } else {
            disk_.guess(now_, key, now_, *sizes_.find(key));
        }
    }
    if (std::ranges::find(guessed_, key) == guessed_.end()) guessed_.push_back(key);
    ++counters_.issued;
    return cache::GuessAnswer::taken;
}

void VirtualTiers::withdraw(io::ExpertKey key) {
    const bool to_host = host_guess_[key] == Place::guessed;
    if (!to_host && top_guess_[key] == Place::nowhere) return;
    VirtualChannel& first = to_host || !has_device() ? disk_ : link_;
    if (!first.withdraw(key)) return;
    drop(key);
    std::erase(guessed_, key);
    --counters_.issued;
}

}  // namespace greenroom::runtime
