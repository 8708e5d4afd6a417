// Reads through io_uring. Not to be had where the kernel is old or a container forbids it.
#pragma once

#include <memory>
#include <vector>

#include "io/disk/read_queue.hpp"
#include "io/result.hpp"

namespace greenroom::io {

class UringQueue final : public ReadQueue {
 public:
    // An Error says why the system refuses (HAZARDS 96).
    static Result<std::unique_ptr<UringQueue>> create(std::size_t depth);
    ~UringQueue() override;

    // Lets the kernel map these regions once instead of for every read into them. False when it
    // refuses, usually for RLIMIT_MEMLOCK (HAZARDS 95); reads work all the same. Once, before the
    // first submit; the regions must outlive the queue.
    bool register_memory(std::span<const std::span<std::byte>> regions);

    std::string_view name() const override { return "io_uring"; }
    std::size_t depth() const override;
    std::size_t submit(std::span<const DiskRead> reads) override;
    std::size_t wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) override;
    void wake() override;

 private:
    struct Ring;  // keeps liburing out of this header
    explicit UringQueue(std::unique_ptr<Ring> ring);
    std::unique_ptr<Ring> ring_;
};

}  // namespace greenroom::io
