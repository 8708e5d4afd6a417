// Which way a missed expert goes: over the link, for the device to compute it, or to the CPU, which
// computes it where it lies in host memory. Knows sizes and speeds; no expert, no tier.
#pragma once

#include <cstdint>

namespace greenroom::cache {

enum class MissRule {
    fetch,  // every miss waits for the link
    cpu,    // none does
    split,  // some each way, so that link and CPU finish together
};

enum class MissPath {
    fetch,  // host memory → slot → the device computes
    cpu,    // the CPU computes from host memory; the device gets its copy while the link idles
};

// What has been moved or computed, and how long that took.
struct Work {
    std::uint64_t bytes = 0;
    double seconds = 0;
};

// A speed as measured lately.
class Speed {
 public:
    // What was done in one event; nothing done says nothing.
    void measure(const Work& work);
    // 0 while nothing is known: a way that nobody knows is worth a try. What was measured long ago
    // counts as unknown too, because an expert takes the CPU longer for many tokens than for one.
    double seconds_for(std::uint64_t bytes) const;

 private:
    double bytes_ = 0, seconds_ = 0;  // of the last events, earlier ones weigh less
    int n_events_ago_ = 0;
};

// One caller at a time.
class MissPaths {
 public:
    explicit MissPaths(MissRule rule) : rule_(rule) {}

    // A new event; `link` and `cpu` are what both did during the last one, side by side.
    void begin_event(const Work& link, const Work& cpu);
    // The way of the event's next miss. Here low-bit copies and skipping will join, as further
    // ways.
    MissPath choose(std::uint64_t bytes);

 private:
    const MissRule rule_;
    Speed link_, cpu_;
    double link_busy_s_ = 0, cpu_busy_s_ = 0;  // with what this event has given them
};

}  // namespace greenroom::cache
