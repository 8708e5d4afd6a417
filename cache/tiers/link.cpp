#include "cache/tiers/link.hpp"

#include <cstring>
#include <fmt/format.h>

namespace greenroom::cache {

void MemoryLink::send(const Piece& piece, io::Urgency) {
    std::memcpy(piece.to, piece.from, piece.bytes);
}

DeviceLink::DeviceLink(kernels::Device& device)
    : device_(device),
      demands_(device, kernels::StreamPriority::high),
      guesses_(device, kernels::StreamPriority::low),
      arrived_{kernels::Event(device), kernels::Event(device)} {}

// While the last piece is on its way the next one is given to the link, so that it never idles
// between two.
void DeviceLink::send(const Piece& piece, io::Urgency urgency) {
    kernels::Stream& stream = urgency == io::Urgency::demand ? demands_ : guesses_;
    stream.copy({piece.to, piece.from, piece.bytes, kernels::CopyDirection::to_device});
    stream.record(arrived_[turn_]);
    turn_ = 1 - turn_;
    arrived_[turn_].wait();
}

io::Result<void> DeviceLink::finish() {
    for (const kernels::Event& event : arrived_) event.wait();
    const auto fault = device_.fault();
    if (!fault) return {};
    return io::Error{fmt::format("the device failed at {}: {}", fault->call, fault->text)};
}

}  // namespace greenroom::cache
