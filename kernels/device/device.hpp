// A GPU that is open: its streams, events and memory, each owned by whoever made it. Knows no op
// and no kind of GPU.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "kernels/device/gpu_runtime.hpp"

namespace greenroom::kernels {

struct DeviceOps;

// The first call that failed. A GPU that failed once computes nothing any more: what is launched
// later does nothing, so results are worth something only where fault() is empty behind them.
struct DeviceFault {
    std::string call;  // "rms_norm", "copy"
    int error = 0;
    std::string text;
};

// Any thread may call anything.
class Device {
 public:
    // Both must outlive this. `ops` are the bodies that `runtime` can run.
    Device(GpuRuntime& runtime, const DeviceOps& ops, int index, GpuFacts facts);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    GpuRuntime& runtime() { return runtime_; }
    const DeviceOps& ops() const { return ops_; }
    const GpuFacts& facts() const { return facts_; }
    int index() const { return index_; }
    // Before the first call on a thread that this was not made on.
    void begin_thread() { check(runtime_.select(index_), "select"); }
    // Bytes free and in all; zeros when the GPU does not say.
    GpuMemory memory();

    // Notes an answer other than 0 as the fault, if it is the first. Whether it was 0.
    bool check(int error, const char* call);
    bool is_faulty() const { return is_faulty_.load(std::memory_order_acquire); }
    std::optional<DeviceFault> fault() const;

 private:
    GpuRuntime& runtime_;
    const DeviceOps& ops_;
    const int index_;
    const GpuFacts facts_;
    std::atomic<bool> is_faulty_ = false;
    mutable std::mutex mutex_;
    DeviceFault fault_;
};

// Something that happened on a stream, once recorded. Move-only.
class Event {
 public:
    explicit Event(Device& device);
    Event(Event&& other) noexcept;
    Event& operator=(Event&& other) noexcept;
    ~Event();

    bool has_happened() const;  // true before the first record, and on a faulty device
    void wait() const;          // blocks this thread
    GpuRuntime::Event handle() const { return handle_; }

 private:
    Device* device_;
    GpuRuntime::Event handle_ = nullptr;
};

// Work in order. Move-only; one caller at a time.
class Stream {
 public:
    explicit Stream(Device& device, StreamPriority priority = StreamPriority::normal);
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    ~Stream();

    Device& device() { return *device_; }
    void launch(const GpuKernel& kernel, const LaunchShape& shape);
    void copy(const GpuRuntime::Copy& copy);
    void clear(std::byte* memory, std::size_t bytes);
    void record(Event& event);
    void wait(const Event& event);  // what follows waits for it; the host does not
    void synchronize();             // the host waits for everything so far

 private:
    Device* device_;
    GpuRuntime::Stream handle_ = nullptr;
};

// Memory of the GPU; the host must not touch it. Move-only.
class DeviceBuffer {
 public:
    // Empty when there is no room; that is no fault.
    static std::optional<DeviceBuffer> try_allocate(Device& device, std::size_t bytes);
    DeviceBuffer() = default;
    DeviceBuffer(DeviceBuffer&& other) noexcept;
    DeviceBuffer& operator=(DeviceBuffer&& other) noexcept;
    ~DeviceBuffer();

    std::byte* data() { return data_; }
    const std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }

 private:
    Device* device_ = nullptr;
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// Host memory that the GPU reads and writes by itself, while this lives. Move-only.
class PinnedMemory {
 public:
    // Empty when the system refuses.
    static std::optional<PinnedMemory> try_allocate(Device& device, std::size_t bytes);
    // Pins what is there already; `memory` must outlive the result.
    static std::optional<PinnedMemory> try_pin(Device& device, std::span<std::byte> memory);
    PinnedMemory() = default;
    PinnedMemory(PinnedMemory&& other) noexcept;
    PinnedMemory& operator=(PinnedMemory&& other) noexcept;
    ~PinnedMemory();

    std::span<std::byte> bytes() { return memory_; }

 private:
    Device* device_ = nullptr;
    std::span<std::byte> memory_;
    bool is_owned_ = false;
};

}  // namespace greenroom::kernels
