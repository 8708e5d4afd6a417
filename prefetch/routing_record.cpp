#include "prefetch/routing_record.hpp"

namespace greenroom::prefetch {
namespace {

std::uint64_t name_of(Moment at) {
    return std::uint64_t{at.step} << 16 | at.layer;
}

}  // namespace

void RoutingRecord::add(const Routed& routed) {
    places_[name_of(routed.at)] = {experts_.size(), routed.experts.size()};
    experts_.insert(experts_.end(), routed.experts.begin(), routed.experts.end());
}

std::span<const std::uint16_t> RoutingRecord::find(Moment at) const {
    const auto found = places_.find(name_of(at));
    if (found == places_.end()) return {};
    return std::span(experts_).subspan(found->second.begin, found->second.count);
}

}  // namespace greenroom::prefetch
