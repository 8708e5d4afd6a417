#include "kernels/device/device.hpp"

#include <utility>

namespace greenroom::kernels {

Device::Device(GpuRuntime& runtime, const DeviceOps& ops, int index, GpuFacts facts)
    : runtime_(runtime), ops_(ops), index_(index), facts_(std::move(facts)) {}

GpuMemory Device::memory() {
    GpuMemory memory;
    if (!check(runtime_.memory(memory), "memory")) return {};
    return memory;
}

bool Device::check(int error, const char* call) {
    if (error == kGpuOk) return true;
    const std::lock_guard lock(mutex_);
    if (fault_.error == kGpuOk) fault_ = {call, error, runtime_.error_text(error)};
    is_faulty_.store(true, std::memory_order_release);
    return false;
}

std::optional<DeviceFault> Device::fault() const {
    if (!is_faulty()) return {};
    const std::lock_guard lock(mutex_);
    return fault_;
}

Event::Event(Device& device) : device_(&device) {
    device.check(device.runtime().create_event(handle_), "event");
}

Event::Event(Event&& other) noexcept
    : device_(other.device_), handle_(std::exchange(other.handle_, nullptr)) {}

Event& Event::operator=(Event&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    return *this;
}

Event::~Event() {
    if (handle_ != nullptr) device_->check(device_->runtime().destroy_event(handle_), "event");
}

bool Event::has_happened() const {
    if (device_->is_faulty()) return true;
    const int answer = device_->runtime().query(handle_);
    return answer != kGpuNotReady && (device_->check(answer, "event"), true);
}

void Event::wait() const {
    if (!device_->is_faulty()) {
        device_->check(device_->runtime().synchronize_event(handle_), "event");
    }
}

Stream::Stream(Device& device, StreamPriority priority) : device_(&device) {
    device.check(device.runtime().create_stream(priority, handle_), "stream");
}

Stream::Stream(Stream&& other) noexcept
    : device_(other.device_), handle_(std::exchange(other.handle_, nullptr)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    return *this;
}

Stream::~Stream() {
    if (handle_ == nullptr) return;
    synchronize();
    device_->check(device_->runtime().destroy_stream(handle_), "stream");
}

void Stream::launch(const GpuKernel& kernel, const LaunchShape& shape) {
    if (device_->is_faulty()) return;
    device_->check(device_->runtime().launch(kernel, shape, handle_), kernel.name);
}

void Stream::copy(const GpuRuntime::Copy& copy) {
    if (device_->is_faulty() || copy.bytes == 0) return;
    device_->check(device_->runtime().copy(copy, handle_), "copy");
}

void Stream::clear(std::byte* memory, std::size_t bytes) {
    if (device_->is_faulty()) return;
    device_->check(device_->runtime().clear(memory, bytes, handle_), "clear");
}

void Stream::record(Event& event) {
    if (device_->is_faulty()) return;
    device_->check(device_->runtime().record(event.handle(), handle_), "event");
}

void Stream::wait(const Event& event) {
    if (device_->is_faulty()) return;
    device_->check(device_->runtime().wait(handle_, event.handle()), "event");
}

// On a faulty device too: what was launched before may still write to memory that the caller gives
// back next.
void Stream::synchronize() {
    device_->check(device_->runtime().synchronize(handle_), "synchronize");
}

std::optional<DeviceBuffer> DeviceBuffer::try_allocate(Device& device, std::size_t bytes) {
    DeviceBuffer out;
    if (device.is_faulty()) return {};
    const int error = device.runtime().allocate(bytes, out.data_);
    if (error != kGpuOutOfMemory) device.check(error, "allocate");
    if (error != kGpuOk) return {};
    out.device_ = &device;
    out.size_ = bytes;
    return out;
}

DeviceBuffer::DeviceBuffer(DeviceBuffer&& other) noexcept
    : device_(other.device_),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

DeviceBuffer& DeviceBuffer::operator=(DeviceBuffer&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

DeviceBuffer::~DeviceBuffer() {
    if (data_ != nullptr) device_->check(device_->runtime().release(data_), "release");
}

std::optional<PinnedMemory> PinnedMemory::try_allocate(Device& device, std::size_t bytes) {
    std::byte* memory = nullptr;
    if (device.is_faulty() || device.runtime().allocate_pinned(bytes, memory) != kGpuOk) return {};
    PinnedMemory out;
    out.device_ = &device;
    out.memory_ = {memory, bytes};
    out.is_owned_ = true;
    return out;
}

std::optional<PinnedMemory> PinnedMemory::try_pin(Device& device, std::span<std::byte> memory) {
    if (device.is_faulty() || device.runtime().pin(memory.data(), memory.size()) != kGpuOk) {
        return {};
    }
    PinnedMemory out;
    out.device_ = &device;
    out.memory_ = memory;
    return out;
}

PinnedMemory::PinnedMemory(PinnedMemory&& other) noexcept
    : device_(other.device_),
      memory_(std::exchange(other.memory_, {})),
      is_owned_(other.is_owned_) {}

PinnedMemory& PinnedMemory::operator=(PinnedMemory&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(memory_, other.memory_);
    std::swap(is_owned_, other.is_owned_);
    return *this;
}

PinnedMemory::~PinnedMemory() {
    if (memory_.empty()) return;
    GpuRuntime& runtime = device_->runtime();
    device_->check(
        is_owned_ ? runtime.release_pinned(memory_.data()) : runtime.unpin(memory_.data()),
        "release");
}

}  // namespace greenroom::kernels
