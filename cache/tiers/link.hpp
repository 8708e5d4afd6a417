// What carries bytes from host memory into a device's slots. Knows no slot and no expert.
#pragma once

#include <array>
#include <cstddef>

#include "io/disk/batch_reader.hpp"
#include "io/result.hpp"
#include "kernels/device/device.hpp"

namespace greenroom::cache {

// One thread calls it, the copy engine's.
class Link {
 public:
    virtual ~Link() = default;
    // Before anything else, on the thread that will call the rest.
    virtual void begin_thread() {}
    struct Piece {
        std::byte* to;
        const std::byte* from;  // stays until finish()
        std::size_t bytes;
    };
    // Begins to carry a piece; returns once the piece before it has arrived.
    virtual void send(const Piece& piece, io::Urgency urgency) = 0;
    // Returns once everything has arrived, or says why it has not.
    virtual io::Result<void> finish() = 0;
};

// For a device that is ordinary memory.
class MemoryLink final : public Link {
 public:
    void send(const Piece& piece, io::Urgency urgency) override;
    io::Result<void> finish() override { return {}; }
};

// To a GPU: a stream for demands, and one of lower priority for the rest.
class DeviceLink final : public Link {
 public:
    // `device` must outlive this.
    explicit DeviceLink(kernels::Device& device);
    void begin_thread() override { device_.begin_thread(); }
    void send(const Piece& piece, io::Urgency urgency) override;
    io::Result<void> finish() override;

 private:
    kernels::Device& device_;
    kernels::Stream demands_, guesses_;
    std::array<kernels::Event, 2> arrived_;  // of the last two pieces, by turns
    std::size_t turn_ = 0;
};

}  // namespace greenroom::cache
