#include "kernels/device/emulated/emulated_gpu.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <sys/mman.h>

#include "kernels/require.hpp"

namespace greenroom::kernels::emulated {
namespace {

constexpr std::size_t kPage = 4096;
// As on a card, where neighbours of an allocation lie some way off.
constexpr std::size_t kAlignment = 256;

std::size_t rounded_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

}  // namespace

EmulatedGpu::EmulatedGpu(const Settings& settings) : settings_(settings), random_(settings.seed) {
    void* const memory = ::mmap(nullptr,
                                rounded_up(settings.memory_bytes, kPage),
                                PROT_NONE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                                -1,
                                0);
    require(memory != MAP_FAILED, "no address space for the emulated GPU's memory");
    arena_ = static_cast<std::byte*>(memory);
}

EmulatedGpu::~EmulatedGpu() {
    ::munmap(arena_, rounded_up(settings_.memory_bytes, kPage));
}

int EmulatedGpu::answer(const char* call) {
    if (const int ended = ended_with_; ended != kGpuOk) return ended;
    const int error = fails ? fails(call) : int{kGpuOk};
    const bool ends_context = error == kGpuUncorrectableEcc || error == kGpuIllegalAddress ||
                              error == kGpuLaunchTimeout || error == kGpuLaunchFailure;
    if (!ends_context) return error;
    const std::lock_guard lock(mutex_);
    ended_with_ = error;
    for (const auto& queue : queues_) queue->steps.clear();
    return error;
}

int EmulatedGpu::versions(int& driver, int& runtime) {
    driver = driver_version;
    runtime = 13000;
    return answer("versions");
}

int EmulatedGpu::device_count(int& n) {
    n = settings_.n_devices;
    return answer("device_count");
}

int EmulatedGpu::describe(int index, GpuFacts& facts) {
    if (index < 0 || index >= settings_.n_devices) return kGpuInvalidDevice;
    facts = settings_.facts;
    return answer("describe");
}

int EmulatedGpu::select(int index) {
    if (index < 0 || index >= settings_.n_devices) return kGpuInvalidDevice;
    return answer("select");
}

std::string EmulatedGpu::error_text(int error) const {
    return fmt::format("emulated error {}", error);
}

int EmulatedGpu::memory(GpuMemory& memory) {
    const std::lock_guard lock(mutex_);
    std::size_t taken = 0;
    for (const auto& [offset, bytes] : regions_) taken += rounded_up(bytes, kAlignment);
    memory = {settings_.memory_bytes - taken, settings_.memory_bytes};
    return answer("memory");
}

int EmulatedGpu::allocate(std::size_t bytes, std::byte*& out) {
    if (const int error = answer("allocate"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    std::size_t at = 0;
    for (const auto& [offset, taken] : regions_) {
        if (offset - at >= bytes) break;
        at = rounded_up(offset + taken, kAlignment);
    }
    if (at > settings_.memory_bytes || settings_.memory_bytes - at < bytes) return kGpuOutOfMemory;
    regions_[at] = std::max<std::size_t>(bytes, 1);
    out = arena_ + at;
    return kGpuOk;
}

int EmulatedGpu::release(std::byte* memory) {
    const std::lock_guard lock(mutex_);
    // As on a card: what is under way ends first.
    run_until([] { return false; });
    require(regions_.erase(static_cast<std::size_t>(memory - arena_)) == 1,
            "released what was not allocated");
    return answer("release");
}

int EmulatedGpu::allocate_pinned(std::size_t bytes, std::byte*& out) {
    if (const int error = answer("allocate_pinned"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    auto memory = std::make_unique<std::byte[]>(bytes);
    out = memory.get();
    pinned_[out] = std::move(memory);
    return kGpuOk;
}

int EmulatedGpu::release_pinned(std::byte* memory) {
    const std::lock_guard lock(mutex_);
    run_until([] { return false; });
    require(pinned_.erase(memory) == 1, "released what was not pinned");
    return kGpuOk;
}

int EmulatedGpu::pin(std::byte*, std::size_t) {
    return answer("pin");
}

int EmulatedGpu::unpin(std::byte*) {
    return answer("unpin");
}

int EmulatedGpu::create_stream(StreamPriority, Stream& out) {
    if (const int error = answer("create_stream"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    queues_.push_back(std::make_unique<Queue>());
    out = queues_.back().get();
    return kGpuOk;
}

int EmulatedGpu::destroy_stream(Stream stream) {
    const std::lock_guard lock(mutex_);
    std::erase_if(queues_, [&](const auto& queue) { return queue.get() == stream; });
    return kGpuOk;
}

int EmulatedGpu::create_event(Event& out) {
    if (const int error = answer("create_event"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    events_.push_back(std::make_unique<QueuedEvent>());
    out = events_.back().get();
    return kGpuOk;
}

int EmulatedGpu::destroy_event(Event event) {
    const std::lock_guard lock(mutex_);
    run_until([] { return false; });  // steps may name it
    std::erase_if(events_, [&](const auto& known) { return known.get() == event; });
    return kGpuOk;
}

int EmulatedGpu::post(Stream stream, Step step) {
    static_cast<Queue*>(stream)->steps.push_back(std::move(step));
    return kGpuOk;
}

int EmulatedGpu::record(Event event, Stream stream) {
    if (const int error = answer("record"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    auto* const recorded = static_cast<QueuedEvent*>(event);
    const std::uint64_t n = ++recorded->n_recorded;
    return post(stream, {.run = [recorded, n] { recorded->n_happened = n; }});
}

int EmulatedGpu::wait(Stream stream, Event event) {
    if (const int error = answer("wait"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    const auto* const awaited = static_cast<const QueuedEvent*>(event);
    return post(stream, {.run = [] {}, .event = awaited, .until = awaited->n_recorded});
}

int EmulatedGpu::copy(const Copy& copy, Stream stream) {
    if (const int error = answer("copy"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    return post(stream, {.run = [copy] { std::memcpy(copy.to, copy.from, copy.bytes); }});
}

int EmulatedGpu::clear(std::byte* memory, std::size_t bytes, Stream stream) {
    if (const int error = answer("clear"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    return post(stream, {.run = [memory, bytes] { std::memset(memory, 0, bytes); }});
}

int EmulatedGpu::launch(const GpuKernel& kernel, const LaunchShape& shape, Stream stream) {
    if (const int error = answer("launch"); error != kGpuOk) return error;
    require(shape.threads > 0 && shape.threads <= 1024 && shape.threads % Thread::kWarp == 0 &&
                shape.shared_bytes <= settings_.facts.shared_bytes_per_block &&
                shape.blocks_x > 0 && shape.blocks_y > 0 && shape.blocks_z > 0,
            fmt::format("{}: no such launch", kernel.name));
    const std::lock_guard lock(mutex_);
    const auto* const begin = static_cast<const std::byte*>(kernel.argument);
    std::vector<std::byte> argument(begin, begin + kernel.argument_bytes);
    const auto entry = reinterpret_cast<Entry>(const_cast<void*>(kernel.entry));
    return post(stream, {.run = [this, entry, shape, argument = std::move(argument)] {
                    Block::run({entry, argument.data(), shape, stacks_}, settings_.order);
                }});
}

bool EmulatedGpu::is_ready(const Queue& queue) const {
    if (queue.steps.empty()) return false;
    const Step& next = queue.steps.front();
    return next.event == nullptr || next.event->n_happened >= next.until;
}

bool EmulatedGpu::run_until(const std::function<bool()>& done) {
    open_memory(true);
    bool is_done = done();
    while (!is_done) {
        std::vector<Queue*> ready;
        for (const auto& queue : queues_) {
            if (is_ready(*queue)) ready.push_back(queue.get());
        }
        if (ready.empty()) break;
        Queue& chosen = *ready[random_() % ready.size()];
        const Step step = std::move(chosen.steps.front());
        chosen.steps.erase(chosen.steps.begin());
        step.run();
        is_done = done();
    }
    open_memory(false);
    return is_done;
}

int EmulatedGpu::wait_until(const std::function<bool()>& done, const char* what) {
    const bool is_done = run_until(done);
    // Another thread's call may have ended the context since this one began.
    if (const int ended = ended_with_; ended != kGpuOk) return ended;
    require(is_done, what);
    return kGpuOk;
}

void EmulatedGpu::open_memory(bool open) const {
    require(::mprotect(arena_,
                       rounded_up(settings_.memory_bytes, kPage),
                       open ? PROT_READ | PROT_WRITE : PROT_NONE) == 0,
            "the emulated GPU's memory does not open");
}

int EmulatedGpu::synchronize(Stream stream) {
    const std::lock_guard lock(mutex_);
    const auto* const queue = static_cast<const Queue*>(stream);
    if (const int error = answer("synchronize"); error != kGpuOk) return error;
    return wait_until([&] { return queue->steps.empty(); }, "a stream waits for ever");
}

int EmulatedGpu::query(Event event) {
    if (const int error = answer("query"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    const auto* const asked = static_cast<const QueuedEvent*>(event);
    // Time goes by between two questions: some steps are taken.
    int n_steps = static_cast<int>(random_() % 3);
    run_until([&] { return n_steps-- <= 0; });
    return asked->n_happened >= asked->n_recorded ? kGpuOk : kGpuNotReady;
}

int EmulatedGpu::synchronize_event(Event event) {
    if (const int error = answer("synchronize_event"); error != kGpuOk) return error;
    const std::lock_guard lock(mutex_);
    const auto* const awaited = static_cast<const QueuedEvent*>(event);
    const std::uint64_t until = awaited->n_recorded;
    return wait_until([&] { return awaited->n_happened >= until; }, "an event never happens");
}

}  // namespace greenroom::kernels::emulated
