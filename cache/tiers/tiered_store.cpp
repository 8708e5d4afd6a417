#include "cache/tiers/tiered_store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace greenroom::cache {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TierBytes bytes_of(const Tier& tier) {
    const SlotArena& arena = tier.arena();
    return {.budget = tier.residency().budget_bytes(),
            .used = arena.used_bytes(),
            .peak = arena.peak_bytes(),
            .peak_memory = arena.peak_memory_bytes()};
}

// Residents whose bytes did not come, in an event that ended with an error or over the link, are
// misses again.
void forget_failed(Tier& tier, std::span<const io::ExpertKey> routed) {
    for (const io::ExpertKey key : routed) {
        const Slot* const slot = tier.find(key);
        if (slot == nullptr || !slot->sent_for || !slot->landing.settled()) continue;
        if (!slot->landing.wait()) tier.forget(key);
    }
}

}  // namespace

namespace {

Tier::Settings host_tier(const TieredSettings& settings) {
    Tier::Settings out = settings.host;
    if (settings.device && settings.device->reads != nullptr) {
        out.memory = pinned_slabs(settings.device->reads->device());
    }
    return out;
}

Tier::Settings device_tier(const DeviceTierSettings& settings) {
    Tier::Settings out = settings.tier;
    if (settings.reads != nullptr) {
        out.memory = device_slabs(settings.reads->device());
        out.reader = &settings.reads->device();
    }
    return out;
}

std::unique_ptr<Link> make_link(const DeviceTierSettings& settings) {
    if (settings.reads == nullptr) return std::make_unique<MemoryLink>();
    return std::make_unique<DeviceLink>(settings.reads->device());
}

}  // namespace

TieredStore::TieredStore(ExpertHomes homes,
                         const TieredSettings& settings,
                         const Residency::MakePolicy& make_policy,
                         std::unique_ptr<Loader> loader)
    : homes_(std::move(homes)),
      sizes_(slot_sizes(homes_)),
      inclusion_(settings.device ? settings.device->inclusion : Inclusion::inclusive),
      host_(host_tier(settings), sizes_, make_policy),
      device_(settings.device
                  ? std::optional<Tier>(
                        std::in_place, device_tier(*settings.device), sizes_, make_policy)
                  : std::optional<Tier>()),
      link_(settings.device ? std::optional<CopyEngine>(
                                  std::in_place, settings.device->link, make_link(*settings.device))
                            : std::optional<CopyEngine>()),
      reads_(settings.device ? settings.device->reads : nullptr),
      loader_(std::move(loader)),
      guesses_({.homes = homes_,
                .loader = *loader_,
                .host = host_,
                .device = device_ ? &*device_ : nullptr,
                .link = link_ ? &*link_ : nullptr}),
      paths_(settings.device ? settings.device->miss : MissRule::fetch) {
    loader_->register_memory(host_.arena().slabs());
    if (!device_) return;
    host_.when_slot_is_needed([this](const Slot& slot) { link_->promote_from(slot); });
    device_->when_slot_is_needed([this](const Slot& slot) { link_->abandon(slot); });
}

io::Result<Stages> TieredStore::announce(std::span<const io::ExpertKey> routed) {
    const Clock::time_point begin = Clock::now();
    if (auto ok = bring(routed); !ok) return ok.error();
    if (!routed.empty()) guesses_.review(routed.front().layer);
    for (auto* list : {&on_device_, &on_cpu_, &late_, &waiting_}) list->clear();
    waiting_for_room_.clear();
    for_the_link_.clear();
    n_sent_ = 0;
    const Stages stages = device_ ? stage_with_device(routed) : stage_on_host(routed);
    send_while_there_is_room();
    stalls_.policy_s += seconds_since(begin);
    return stages;
}

io::Result<void> TieredStore::bring(std::span<const io::ExpertKey> routed) {
    if (device_) give_back_copies();
    forget_failed(top(), routed);
    note_guesses(routed);
    const auto outcome = device_ ? device_->use(routed) : bring_to_host(routed);
    if (!outcome) return outcome.error();
    for (const io::ExpertKey key : (*outcome)->hits) outcomes_[key] = UseOutcome::hit;
    if (!device_) return {};
    missed_.assign((*outcome)->misses.begin(), (*outcome)->misses.end());
    if (auto ok = bring_to_host(missed_); !ok) return ok.error();
    return {};
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
            Slot* const slot = host_.find(key);
            if (slot != nullptr && guesses_.is_withdrawn(key) == is_withdrawn) send_for(key, *slot);
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

// Who gives a copy back is a function of the routing, as hits are; that the bytes stay until they
// have been copied is not seen by the policy.
void TieredStore::give_back_copies() {
    host_.sweep();
    if (inclusion_ == Inclusion::inclusive) return;
    for (const io::ExpertKey key : missed_) {
        const Slot* const slot = device_->find(key);
        if (slot != nullptr && slot->sent_for) host_.depart(key);
    }
    missed_.clear();
}

Stages TieredStore::stage_on_host(std::span<const io::ExpertKey> routed) {
    for (const io::ExpertKey key : routed) {
        if (const Slot* const slot = host_.find(key)) {
            add_to_cpu(key, *slot);
        } else {
            waiting_for_room_.push_back({key, MissPath::cpu});
        }
    }
    on_cpu_.insert(on_cpu_.end(), late_.begin(), late_.end());
    for (const Waiting& waiting : waiting_for_room_) on_cpu_.push_back(waiting.key);
    return {.cpu = on_cpu_};
}

void TieredStore::add_to_cpu(io::ExpertKey key, const Slot& slot) {
    (slot.landing.settled() ? on_cpu_ : late_).push_back(key);
}

Stages TieredStore::stage_with_device(std::span<const io::ExpertKey> routed) {
    tell_paths_what_was_done();
    for (const io::ExpertKey key : routed) {
        (is_on_device(key) ? on_device_ : waiting_).push_back(key);
    }
    const std::size_t n_at_hand = on_device_.size();
    for (const io::ExpertKey key : waiting_) {
        const MissPath path = choose_path(key);
        if (!has_slots(key)) {
            (path == MissPath::cpu ? waiting_for_room_ : for_the_link_).push_back({key, path});
            continue;
        }
        Slot* const source = host_copy(key);
        if (source != nullptr) send_over_link(*source, *device_->find(key), path);
        if (path == MissPath::fetch) {
            on_device_.push_back(key);
        } else {
            add_to_cpu(key, *source);
        }
    }
    on_cpu_.insert(on_cpu_.end(), late_.begin(), late_.end());
    for (const Waiting& waiting : waiting_for_room_) on_cpu_.push_back(waiting.key);
    for (const Waiting& waiting : for_the_link_) on_device_.push_back(waiting.key);
    waiting_for_room_.insert(waiting_for_room_.end(), for_the_link_.begin(), for_the_link_.end());
    n_on_cpu_ += on_cpu_.size();
    return {.device = on_device_, .n_at_hand = n_at_hand, .cpu = on_cpu_};
}

void TieredStore::tell_paths_what_was_done() {
    const Work link = {link_->bytes_copied(), link_->busy_seconds()};
    paths_.begin_event({link.bytes - link_seen_.bytes, link.seconds - link_seen_.seconds},
                       cpu_work_);
    link_seen_ = link;
    cpu_work_ = {};
}

MissPath TieredStore::choose_path(io::ExpertKey key) {
    const Slot* const slot = device_->find(key);
    const bool is_landing = slot != nullptr && slot->sent_for && host_copy(key) == nullptr;
    return is_landing ? MissPath::fetch : paths_.choose(home(key).bytes());
}

bool TieredStore::has_slots(io::ExpertKey key) {
    const Slot* const slot = device_->find(key);
    return slot != nullptr && (slot->sent_for || host_copy(key) != nullptr);
}

void TieredStore::send_over_link(Slot& source, Slot& slot, MissPath path) {
    const bool is_fetched = path == MissPath::fetch;
    if (slot.sent_for && (!slot.landing.settled() || slot.landing.wait())) {
        if (is_fetched) link_->promote(slot);
    } else if (is_fetched) {
        link_->copy(source, slot, io::Urgency::demand);
    } else {
        link_->copy_when_idle(source, slot);
    }
}

void TieredStore::send_while_there_is_room() {
    while (n_sent_ < waiting_for_room_.size() && has_room_for(waiting_for_room_[n_sent_])) {
        if (!send(waiting_for_room_[n_sent_])) return;  // once more when it is acquired
        ++n_sent_;
    }
}

io::Result<void> TieredStore::send_now(io::ExpertKey key) {
    const auto next = waiting_for_room_.begin() + static_cast<std::ptrdiff_t>(n_sent_);
    const auto found =
        std::find_if(next, waiting_for_room_.end(), [&](const Waiting& w) { return w.key == key; });
    if (found == waiting_for_room_.end()) return {};
    std::rotate(next, found, found + 1);
    if (auto sent = send(*next); !sent) return sent.error();
    ++n_sent_;
    return {};
}

bool TieredStore::has_room_for(const Waiting& next) {
    if (host_copy(next.key) == nullptr && !host_.has_room_for(next.key)) return false;
    if (!goes_to_device(next) || device_->find(next.key) != nullptr) return true;
    return device_->has_room_for(next.key);
}

// What the CPU computes needs no copy on the device where that would not stay.
bool TieredStore::goes_to_device(const Waiting& next) const {
    return device_ && (next.path == MissPath::fetch || !device_->is_passing(next.key));
}

io::Result<void> TieredStore::send(const Waiting& next) {
    const auto no_memory = [&] {
        return io::Error{
            fmt::format("layer {}: the system has no memory for one more expert", next.key.layer)};
    };
    Slot* source = host_copy(next.key);
    if (source == nullptr) {
        source = host_.take_turn(next.key);
        if (source == nullptr) return no_memory();
        send_for(next.key, *source);
    }
    if (!goes_to_device(next)) return {};
    Slot* slot = device_->find(next.key);
    if (slot == nullptr) slot = device_->take_turn(next.key);
    if (slot == nullptr) return no_memory();
    send_over_link(*source, *slot, next.path);
    return {};
}

bool TieredStore::is_on_device(io::ExpertKey key) {
    const Slot* const slot = device_->find(key);
    return slot != nullptr && slot->sent_for && slot->landing.settled() && slot->landing.wait();
}

bool TieredStore::is_on_cpu(io::ExpertKey key) const {
    return device_ && std::ranges::find(on_cpu_, key) != on_cpu_.end();
}

Slot* TieredStore::host_copy(io::ExpertKey key) {
    Slot* const resident = host_.find(key);
    return resident != nullptr ? resident : host_.find_departing(key);
}

io::Result<void> TieredStore::wait_for(io::ExpertKey key, const Slot& slot) {
    if (slot.landing.settled()) return slot.landing.wait();
    const Clock::time_point begin = Clock::now();
    const Slot* const source = host_copy(key);
    if (source != nullptr) (void)source->landing.wait();
    const double on_disk_s = seconds_since(begin);
    stalls_.disk_s += on_disk_s;
    if (source == &slot) return slot.landing.wait();
    auto landed = slot.landing.wait();
    stalls_.link_s += seconds_since(begin) - on_disk_s;
    return landed;
}

io::Result<ExpertLease> TieredStore::acquire(io::ExpertKey key) {
    if (auto sent = send_now(key); !sent) return sent.error();
    const bool runs_on_cpu = is_on_cpu(key);
    const Slot* const slot = runs_on_cpu ? host_copy(key) : top().find(key);
    if (slot == nullptr) {
        return io::Error{fmt::format(
            "expert {} of layer {}: acquired without being announced", key.expert, key.layer)};
    }
    if (auto landed = wait_for(key, *slot); !landed) {
        if (device_) device_->forget(key);
        host_.forget(key);
        return io::Error{fmt::format(
            "expert {} of layer {}: {}", key.expert, key.layer, landed.error().message)};
    }
    if (runs_on_cpu) running_ = Running{key, Clock::now()};
    return ExpertLease(*this, key, weights_in(home(key), slot->memory - slot->shift));
}

void TieredStore::release(io::ExpertKey key) {
    if (reads_ != nullptr && !is_on_cpu(key)) {
        if (Slot* const slot = device_->find(key)) reads_->record(*slot->last_read);
    }
    note_cpu_work(key);
    if (device_) device_->leave(key);
    host_.leave(key);
    send_while_there_is_room();
}

void TieredStore::note_cpu_work(io::ExpertKey key) {
    if (!running_ || running_->key != key) return;
    cpu_work_.bytes += home(key).bytes();
    cpu_work_.seconds += seconds_since(running_->since);
    running_.reset();
}

StoreStatus TieredStore::status() const {
    StoreStatus out;
    out.host = host_.counters();
    out.host_bytes = bytes_of(host_);
    if (device_) {
        out.device = device_->counters();
        out.device_bytes = bytes_of(*device_);
        out.link_bytes = link_->bytes_copied();
        out.link_busy_s = link_->busy_seconds();
    }
    out.disk = loader_->status();
    out.stalls = stalls_;
    out.guesses = guesses_.counters();
    out.cpu_experts = n_on_cpu_;
    out.slots = {.n_sizes = sizes_.n_sizes,
                 .largest_bytes = sizes_.largest,
                 .total_bytes = sizes_.total,
                 .waste_bytes = sizes_.total - sizes_.total_experts,
                 .host_slab_bytes = host_.arena().slab_bytes()};
    return out;
}

}  // namespace greenroom::cache
