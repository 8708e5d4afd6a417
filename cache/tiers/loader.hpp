// Brings experts from disk into slots, on a thread of its own that keeps the disk's queue full.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "cache/expert_home.hpp"
#include "cache/tiers/landing.hpp"
#include "io/disk/batch_reader.hpp"

namespace greenroom::cache {

struct LoaderStatus {
    std::string queue;                 // "io_uring", "pread"
    std::vector<std::string> notices;  // what is not as it should be, and why
    io::DiskCounters counters;
};

// Any thread may call anything.
class Loader {
 public:
    using LoadId = io::BatchId;

    // `files` as in ModelFiles::files; they must outlive this.
    Loader(std::span<const io::File> files,
           std::unique_ptr<io::ReadQueue> queue,
           const io::BatchReaderSettings& settings);
    // Guesses that have not begun are dropped, the rest completes.
    ~Loader();

    // Memory that experts will be read into again and again; see io::ReadQueue. Before the first
    // load; the regions must outlive this. A refusal is a notice.
    void register_memory(std::span<const std::span<std::byte>> regions);

    // Reads the expert at `home` into `slot` (slot_layout(home).bytes) and settles `landing`, which
    // expects it. Slot, home and landing must stay until then.
    LoadId load(const ExpertHome& home, std::byte* slot, Landing& landing, io::Urgency urgency);
    // A guess that turns out to be wanted now.
    void promote(LoadId id);
    // Takes back a load of which nothing has been read yet; its landing then fails, with
    // "withdrawn". Nothing happens when it is too late.
    void withdraw(LoadId id);

    LoaderStatus status() const;

 private:
    struct Load {
        LoadId id;
        Landing* landing;
    };
    struct Wish {
        enum class Kind { load, promote, withdraw } kind;
        LoadId id;
        const ExpertHome* home = nullptr;
        std::byte* slot = nullptr;
        Landing* landing = nullptr;
        io::Urgency urgency = io::Urgency::demand;
    };

    void post(const Wish& wish);
    void serve(const std::stop_token& stop);
    void grant(const Wish& wish);
    void start(const Wish& wish);
    void settle(const io::BatchDone& done);
    Landing& take_landing(LoadId id);
    void publish_status();

    // Only the thread uses these.
    io::BatchReader reader_;
    std::vector<Load> loads_;  // under way

    mutable std::mutex mutex_;  // of what follows
    std::vector<Wish> wishes_;
    LoadId next_id_ = 0;
    LoaderStatus status_;
    std::vector<bool> is_noticed_;  // for each file: that it is read through the page cache

    std::jthread thread_;  // from the first load on; last: it uses the rest
};

}  // namespace greenroom::cache
