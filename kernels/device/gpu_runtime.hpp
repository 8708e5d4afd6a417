// The calls that Greenroom makes of a GPU's runtime. An interface, so that tests can put another
// GPU in its place: an emulated one, or one that fails at a chosen call. Knows no op.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace greenroom::kernels {

// What a call answers: 0, or a number of CUDA's (cudaError_t of the CUDA runtime API). These are
// the ones that are told apart.
enum GpuError : int {
    kGpuOk = 0,
    kGpuOutOfMemory = 2,
    kGpuStubLibrary = 34,
    kGpuInsufficientDriver = 35,
    kGpuUnavailable = 46,  // in use, and its compute mode admits one process or none
    kGpuNoDevice = 100,
    kGpuInvalidDevice = 101,
    kGpuNoKernelImage = 209,
    kGpuUncorrectableEcc = 214,
    kGpuNotReady = 600,
    kGpuIllegalAddress = 700,
    kGpuLaunchTimeout = 702,
    kGpuLaunchFailure = 719,
    kGpuDriverMismatch = 803,
};

struct GpuFacts {
    std::string name;
    int major = 0, minor = 0;  // compute capability
    int n_multiprocessors = 0;
    std::size_t shared_bytes_per_block = 0;  // that a launch may ask for
};

struct GpuMemory {
    std::size_t free = 0, total = 0;  // bytes
};

enum class CopyDirection { to_device, to_host, on_device };
enum class StreamPriority { normal, high, low };

// How many blocks of how many threads.
struct LaunchShape {
    unsigned blocks_x = 1, blocks_y = 1, blocks_z = 1;
    unsigned threads = 1;          // of a block, a multiple of 32
    std::size_t shared_bytes = 0;  // of a block
};

// A device body, as the vocabulary builds it (kernels/device/vocabulary.cuh): an entry that this
// kind of GPU can run, and the argument that it is given, copied at the launch.
struct GpuKernel {
    const char* name;
    const void* entry;
    const void* argument;
    std::size_t argument_bytes;
};

// Any thread may call anything. Handles are the runtime's own.
class GpuRuntime {
 public:
    using Stream = void*;
    using Event = void*;

    virtual ~GpuRuntime() = default;

    virtual int versions(int& driver, int& runtime) = 0;  // 1000 * major + 10 * minor; 0: none
    virtual int device_count(int& n) = 0;
    virtual int describe(int index, GpuFacts& facts) = 0;
    // For all calls that follow on this thread. Every thread that calls begins with it.
    virtual int select(int index) = 0;
    virtual std::string error_text(int error) const = 0;

    virtual int memory(GpuMemory& memory) = 0;
    virtual int allocate(std::size_t bytes, std::byte*& out) = 0;
    virtual int release(std::byte* memory) = 0;
    // Host memory that the GPU copies from and to by itself.
    virtual int allocate_pinned(std::size_t bytes, std::byte*& out) = 0;
    virtual int release_pinned(std::byte* memory) = 0;
    // The same for memory that is there already.
    virtual int pin(std::byte* memory, std::size_t bytes) = 0;
    virtual int unpin(std::byte* memory) = 0;

    virtual int create_stream(StreamPriority priority, Stream& out) = 0;
    virtual int destroy_stream(Stream stream) = 0;
    virtual int synchronize(Stream stream) = 0;
    virtual int create_event(Event& out) = 0;
    virtual int destroy_event(Event event) = 0;
    virtual int record(Event event, Stream stream) = 0;
    virtual int wait(Stream stream, Event event) = 0;  // what follows on the stream waits
    virtual int query(Event event) = 0;                // kGpuNotReady before it has happened
    virtual int synchronize_event(Event event) = 0;

    struct Copy {
        void* to;
        const void* from;
        std::size_t bytes;
        CopyDirection direction;
    };
    virtual int copy(const Copy& copy, Stream stream) = 0;
    virtual int clear(std::byte* memory, std::size_t bytes, Stream stream) = 0;
    virtual int launch(const GpuKernel& kernel, const LaunchShape& shape, Stream stream) = 0;
};

}  // namespace greenroom::kernels
