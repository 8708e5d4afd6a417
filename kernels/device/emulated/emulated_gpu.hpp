// A GPU without a GPU: device memory that the host cannot touch, streams whose work is done late
// and in an order that a seed chooses, and bodies run by fibres. For tests: what works here in
// every order waits for what it has to wait for.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "kernels/device/emulated/block.hpp"
#include "kernels/device/gpu_runtime.hpp"

namespace greenroom::kernels::emulated {

struct EmulatedGpuSettings {
    std::size_t memory_bytes = std::size_t{64} << 20;
    std::uint64_t seed = 1;  // of the order in which streams go on
    TurnOrder order = TurnOrder::ascending;
    int n_devices = 1;
    GpuFacts facts = {.name = "emulated",
                      .major = 7,
                      .minor = 5,
                      .n_multiprocessors = 2,
                      .shared_bytes_per_block = std::size_t{64} << 10};
};

// Nothing is done before somebody waits for it: then one stream after the other takes a step, each
// chosen by the seed among those whose next step waits for nothing.
class EmulatedGpu final : public GpuRuntime {
 public:
    using Settings = EmulatedGpuSettings;
    explicit EmulatedGpu(const Settings& settings = {});
    ~EmulatedGpu() override;

    // Asked before every call that can fail, with its name ("launch", "allocate", ...): what it
    // answers instead of doing anything, where that is not 0. After an error that ends a context
    // nothing that was launched happens any more, and every call answers with it.
    std::function<int(const char* call)> fails;
    int driver_version = 13000;  // 0: there is no driver

    int versions(int& driver, int& runtime) override;
    int device_count(int& n) override;
    int describe(int index, GpuFacts& facts) override;
    int select(int index) override;
    std::string error_text(int error) const override;
    int memory(GpuMemory& memory) override;
    int allocate(std::size_t bytes, std::byte*& out) override;
    int release(std::byte* memory) override;
    int allocate_pinned(std::size_t bytes, std::byte*& out) override;
    int release_pinned(std::byte* memory) override;
    int pin(std::byte* memory, std::size_t bytes) override;
    int unpin(std::byte* memory) override;
    int create_stream(StreamPriority priority, Stream& out) override;
    int destroy_stream(Stream stream) override;
    int synchronize(Stream stream) override;
    int create_event(Event& out) override;
    int destroy_event(Event event) override;
    int record(Event event, Stream stream) override;
    int wait(Stream stream, Event event) override;
    int query(Event event) override;
    int synchronize_event(Event event) override;
    int copy(const Copy& copy, Stream stream) override;
    int clear(std::byte* memory, std::size_t bytes, Stream stream) override;
    int launch(const GpuKernel& kernel, const LaunchShape& shape, Stream stream) override;

 private:
    struct QueuedEvent {
        std::uint64_t n_recorded = 0, n_happened = 0;
    };
    // One step of a stream. It waits until `event` has happened `until` times, where there is one.
    struct Step {
        std::function<void()> run;
        const QueuedEvent* event = nullptr;
        std::uint64_t until = 0;
    };
    struct Queue {
        std::vector<Step> steps;  // what is left, the next one first
    };

    int answer(const char* call);
    int post(Stream stream, Step step);
    // Takes steps until `done`; false when nobody can go on.
    bool run_until(const std::function<bool()>& done);
    // The same; what the call answers that waits for it. It is a broken contract to wait for what
    // nobody will do.
    int wait_until(const std::function<bool()>& done, const char* what);
    bool is_ready(const Queue& queue) const;
    void open_memory(bool open) const;

    const Settings settings_;
    std::recursive_mutex mutex_;
    std::atomic<int> ended_with_ = kGpuOk;
    std::mt19937_64 random_;
    Stacks stacks_;
    std::byte* arena_ = nullptr;                  // of memory_bytes, whole pages
    std::map<std::size_t, std::size_t> regions_;  // what is taken of it: offset to bytes
    std::map<std::byte*, std::unique_ptr<std::byte[]>> pinned_;
    std::vector<std::unique_ptr<Queue>> queues_;
    std::vector<std::unique_ptr<QueuedEvent>> events_;
};

}  // namespace greenroom::kernels::emulated
