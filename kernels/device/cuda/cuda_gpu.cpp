#include "kernels/device/cuda/cuda_gpu.hpp"

#include <array>
#include <cuda_runtime_api.h>

#include "kernels/device/bodies.hpp"

namespace greenroom::kernels {
namespace {

cudaStream_t stream_of(GpuRuntime::Stream stream) {
    return static_cast<cudaStream_t>(stream);
}

cudaEvent_t event_of(GpuRuntime::Event event) {
    return static_cast<cudaEvent_t>(event);
}

// What failed is told by the answer; the runtime's own note of it would be found by a later call.
int answer(cudaError_t error) {
    if (error != cudaSuccess && error != cudaErrorNotReady) cudaGetLastError();
    return static_cast<int>(error);
}

cudaMemcpyKind kind_of(CopyDirection direction) {
    switch (direction) {
        case CopyDirection::to_device:
            return cudaMemcpyHostToDevice;
        case CopyDirection::to_host:
            return cudaMemcpyDeviceToHost;
        case CopyDirection::on_device:
            return cudaMemcpyDeviceToDevice;
    }
    return cudaMemcpyDefault;
}

class CudaGpu final : public GpuRuntime {
 public:
    int versions(int& driver, int& runtime) override {
        const cudaError_t error = cudaDriverGetVersion(&driver);
        return answer(error != cudaSuccess ? error : cudaRuntimeGetVersion(&runtime));
    }
    int device_count(int& n) override { return answer(cudaGetDeviceCount(&n)); }
    int describe(int index, GpuFacts& facts) override {
        cudaDeviceProp properties{};
        const cudaError_t error = cudaGetDeviceProperties(&properties, index);
        facts = {.name = properties.name,
                 .major = properties.major,
                 .minor = properties.minor,
                 .n_multiprocessors = properties.multiProcessorCount,
                 .shared_bytes_per_block = properties.sharedMemPerBlock};
        return answer(error);
    }
    int select(int index) override { return answer(cudaSetDevice(index)); }
    std::string error_text(int error) const override {
        return cudaGetErrorString(static_cast<cudaError_t>(error));
    }

    int memory(GpuMemory& memory) override {
        return answer(cudaMemGetInfo(&memory.free, &memory.total));
    }
    int allocate(std::size_t bytes, std::byte*& out) override {
        return answer(cudaMalloc(reinterpret_cast<void**>(&out), bytes));
    }
    int release(std::byte* memory) override { return answer(cudaFree(memory)); }
    int allocate_pinned(std::size_t bytes, std::byte*& out) override {
        return answer(cudaMallocHost(reinterpret_cast<void**>(&out), bytes));
    }
    int release_pinned(std::byte* memory) override { return answer(cudaFreeHost(memory)); }
    int pin(std::byte* memory, std::size_t bytes) override {
        return answer(cudaHostRegister(memory, bytes, cudaHostRegisterPortable));
    }
    int unpin(std::byte* memory) override { return answer(cudaHostUnregister(memory)); }

    int create_stream(StreamPriority priority, Stream& out) override {
        int least = 0, greatest = 0;
        if (const auto error = cudaDeviceGetStreamPriorityRange(&least, &greatest);
            error != cudaSuccess) {
            return answer(error);
        }
        const int level = priority == StreamPriority::high  ? greatest
                          : priority == StreamPriority::low ? least
                                                            : (least + greatest) / 2;
        cudaStream_t stream = nullptr;
        const auto error = cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, level);
        out = stream;
        return answer(error);
    }
    int destroy_stream(Stream stream) override {
        return answer(cudaStreamDestroy(stream_of(stream)));
    }
    int synchronize(Stream stream) override {
        return answer(cudaStreamSynchronize(stream_of(stream)));
    }
    int create_event(Event& out) override {
        cudaEvent_t event = nullptr;
        const auto error = cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
        out = event;
        return answer(error);
    }
    int destroy_event(Event event) override { return answer(cudaEventDestroy(event_of(event))); }
    int record(Event event, Stream stream) override {
        return answer(cudaEventRecord(event_of(event), stream_of(stream)));
    }
    int wait(Stream stream, Event event) override {
        return answer(cudaStreamWaitEvent(stream_of(stream), event_of(event), 0));
    }
    int query(Event event) override { return answer(cudaEventQuery(event_of(event))); }
    int synchronize_event(Event event) override {
        return answer(cudaEventSynchronize(event_of(event)));
    }

    int copy(const Copy& copy, Stream stream) override {
        return answer(cudaMemcpyAsync(
            copy.to, copy.from, copy.bytes, kind_of(copy.direction), stream_of(stream)));
    }
    int clear(std::byte* memory, std::size_t bytes, Stream stream) override {
        return answer(cudaMemsetAsync(memory, 0, bytes, stream_of(stream)));
    }
    int launch(const GpuKernel& kernel, const LaunchShape& shape, Stream stream) override {
        std::array<void*, 1> arguments = {const_cast<void*>(kernel.argument)};
        return answer(cudaLaunchKernel(kernel.entry,
                                       dim3(shape.blocks_x, shape.blocks_y, shape.blocks_z),
                                       dim3(shape.threads),
                                       arguments.data(),
                                       shape.shared_bytes,
                                       stream_of(stream)));
    }
};

}  // namespace

CudaBuild cuda_build() {
    return {std::make_unique<CudaGpu>(), &cuda::ops(), GREENROOM_CUDA_ARCHITECTURES};
}

}  // namespace greenroom::kernels
