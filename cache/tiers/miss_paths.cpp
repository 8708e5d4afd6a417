#include "cache/tiers/miss_paths.hpp"

namespace greenroom::cache {
namespace {

constexpr double kMemory = 0.8;      // weight of all earlier events against the last one
constexpr int kBelievedEvents = 64;  // two tokens of a model of 32 layers

}  // namespace

void Speed::measure(const Work& work) {
    ++n_events_ago_;
    if (work.bytes == 0 || work.seconds <= 0) return;
    if (n_events_ago_ > kBelievedEvents) bytes_ = seconds_ = 0;
    bytes_ = kMemory * bytes_ + static_cast<double>(work.bytes);
    seconds_ = kMemory * seconds_ + work.seconds;
    n_events_ago_ = 0;
}

double Speed::seconds_for(std::uint64_t bytes) const {
    if (seconds_ <= 0 || n_events_ago_ > kBelievedEvents) return 0;
    return static_cast<double>(bytes) * seconds_ / bytes_;
}

void MissPaths::begin_event(const Work& link, const Work& cpu) {
    link_.measure(link);
    cpu_.measure(cpu);
    link_busy_s_ = cpu_busy_s_ = 0;
}

MissPath MissPaths::choose(std::uint64_t bytes) {
    if (rule_ == MissRule::fetch) return MissPath::fetch;
    if (rule_ == MissRule::cpu) return MissPath::cpu;
    const double link_done_s = link_busy_s_ + link_.seconds_for(bytes);
    const double cpu_done_s = cpu_busy_s_ + cpu_.seconds_for(bytes);
    if (link_done_s < cpu_done_s) {
        link_busy_s_ = link_done_s;
        return MissPath::fetch;
    }
    cpu_busy_s_ = cpu_done_s;
    return MissPath::cpu;
}

}  // namespace greenroom::cache
