#include "cache/tiers/loader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace greenroom::cache {
namespace {

// A wait ends by itself when a read completes or a wish is posted; this bounds how late the
// impatience of the reader is noticed.
constexpr std::chrono::milliseconds kLongestWait{500};

}  // namespace

Loader::Loader(std::span<const io::File> files,
               std::unique_ptr<io::ReadQueue> queue,
               const io::BatchReaderSettings& settings)
    : reader_(files, std::move(queue), settings) {
    constexpr std::size_t kLikely = 64;  // more only cost an allocation
    wishes_.reserve(kLikely);
    loads_.reserve(kLikely);
    is_noticed_.resize(files.size());
    publish_status();
}

Loader::~Loader() {
    thread_.request_stop();
    reader_.wake();
}

Loader::LoadId Loader::load(const ExpertHome& home,
                            std::byte* slot,
                            Landing& landing,
                            io::Urgency urgency) {
    landing.expect();
    LoadId id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = next_id_++;
        wishes_.push_back({Wish::Kind::load, id, &home, slot, &landing, urgency});
        if (!thread_.joinable()) {
            thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
        }
    }
    reader_.wake();
    return id;
}

void Loader::register_memory(std::span<const std::span<std::byte>> regions) {
    const auto registered = reader_.register_memory(regions);
    if (registered) return;
    const std::lock_guard lock(mutex_);
    status_.notices.push_back(
        fmt::format("{}: the experts' memory cannot be registered ({}); every read maps its own",
                    reader_.queue_name(),
                    registered.error().message));
}

void Loader::promote(LoadId id) {
    post({.kind = Wish::Kind::promote, .id = id});
}

void Loader::withdraw(LoadId id) {
    post({.kind = Wish::Kind::withdraw, .id = id});
}

void Loader::post(const Wish& wish) {
    {
        const std::lock_guard lock(mutex_);
        wishes_.push_back(wish);
    }
    reader_.wake();
}

void Loader::serve(const std::stop_token& stop) {
    std::vector<Wish> granted;
    granted.reserve(wishes_.capacity());
    while (true) {
        // Asked first: what was wished before the stop is then among what is granted.
        const bool is_last = stop.stop_requested();
        {
            const std::lock_guard lock(mutex_);
            std::swap(granted, wishes_);
        }
        for (const Wish& wish : granted) grant(wish);
        const bool is_new = !granted.empty();
        granted.clear();
        if (is_last && !is_new && reader_.idle()) return;
        for (const io::BatchDone& done : reader_.step(kLongestWait)) settle(done);
    }
}

void Loader::grant(const Wish& wish) {
    switch (wish.kind) {
        case Wish::Kind::load:
            return start(wish);
        case Wish::Kind::promote:
            return reader_.promote(wish.id);
        case Wish::Kind::withdraw:
            if (reader_.cancel(wish.id)) take_landing(wish.id).fail({"withdrawn"});
            return;
    }
}

void Loader::start(const Wish& wish) {
    const SlotLayout layout = slot_layout(*wish.home);
    std::array<io::BatchPiece, 3> pieces;
    for (std::size_t i = 0; i < 3; ++i) {
        pieces[i] = {wish.home->matrices()[i]->range, wish.slot + layout.begin[i]};
    }
    loads_.push_back({wish.id, wish.landing});
    reader_.start(wish.id, pieces, wish.urgency);
}

Landing& Loader::take_landing(LoadId id) {
    const auto load = std::ranges::find(loads_, id, &Load::id);
    Landing& landing = *load->landing;
    loads_.erase(load);
    return landing;
}

void Loader::settle(const io::BatchDone& done) {
    Landing& landing = take_landing(done.id);
    publish_status();
    if (done.result) {
        landing.land();
    } else if (done.memory_lost) {
        landing.lose(done.result.error());
    } else {
        landing.fail(done.result.error());
    }
}

void Loader::publish_status() {
    const std::lock_guard lock(mutex_);
    status_.queue = reader_.queue_name();
    status_.counters = reader_.counters();
    for (std::size_t i = 0; i < is_noticed_.size(); ++i) {
        const io::DiskFile& file = reader_.files()[i];
        if (file.is_direct() || is_noticed_[i]) continue;
        is_noticed_[i] = true;
        status_.notices.push_back(fmt::format("{}: read through the page cache ({})",
                                              io::printable_path(file.file().path()),
                                              file.refusal()));
    }
}

LoaderStatus Loader::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

}  // namespace greenroom::cache
