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

    std::string_view name() const override { return "io_uring"; }
    std::size_t depth() const override;
    // The usual reason of a refusal is RLIMIT_MEMLOCK (HAZARDS 95).
    Result<void> register_memory(std::span<const std::span<std::byte>> regions) override;
    std::size_t submit(std::span<const DiskRead> reads) override;
    std::size_t wait(std::span<DiskReadDone> out, std::chrono::milliseconds timeout) override;
    void cancel(std::uint64_t id) override;
    void wake() override;

 private:
    struct Ring;  // keeps liburing out of this header
    explicit UringQueue(std::unique_ptr<Ring> ring);
    std::unique_ptr<Ring> ring_;
};

}  // namespace greenroom::io
