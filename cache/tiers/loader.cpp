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
    publish_status();
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
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
    }
    reader_.wake();
    return id;
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
        case Wish::Kind::load: {
            const SlotLayout layout = slot_layout(*wish.home);
            std::array<io::BatchPiece, 3> pieces;
            for (std::size_t i = 0; i < 3; ++i) {
                pieces[i] = {wish.home->matrices()[i]->range, wish.slot + layout.begin[i]};
            }
            landings_[wish.id] = wish.landing;
            return reader_.start(wish.id, pieces, wish.urgency);
        }
        case Wish::Kind::promote:
            return reader_.promote(wish.id);
        case Wish::Kind::withdraw: {
            if (!reader_.cancel(wish.id)) return;
            const auto landing = landings_.extract(wish.id);
            landing.mapped()->fail({"withdrawn"});
        }
    }
}

void Loader::settle(const io::BatchDone& done) {
    const auto landing = landings_.extract(done.id);
    publish_status();
    if (done.result) {
        landing.mapped()->land();
    } else {
        landing.mapped()->fail(done.result.error());
    }
}

void Loader::publish_status() {
    const std::lock_guard lock(mutex_);
    status_.queue = reader_.queue_name();
    status_.counters = reader_.counters();
    const auto is_buffered = [](const io::DiskFile& file) { return !file.is_direct(); };
    const auto n_buffered = std::ranges::count_if(reader_.files(), is_buffered);
    if (static_cast<std::size_t>(n_buffered) == status_.notices.size()) return;  // files only join
    status_.notices.clear();
    for (const io::DiskFile& file : reader_.files()) {
        if (file.is_direct()) continue;
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
