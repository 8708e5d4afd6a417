// Device memory, and host memory that the device writes to, which a model takes while it is loaded
// and keeps: buffers of so many values, all given back together. Knows no layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/device/device.hpp"
#include "kernels/matrix.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceMemory {
 public:
    enum class Purpose {
        use,
        count,  // takes nothing and is never complete: to learn how many bytes it would be
    };
    // The stream and its device must outlive this.
    DeviceMemory(kernels::Stream& stream, Purpose purpose)
        : stream_(&stream), purpose_(purpose), is_complete_(purpose == Purpose::use) {}

    // n values, unset; null once the device has no more.
    template <class T>
    T* take(std::size_t n) {
        return reinterpret_cast<T*>(take_bytes(n * sizeof(T)));
    }
    // A copy of values of the host, there when the stream gets there; they must stay until then.
    template <class T>
    T* copy(std::span<const T> values) {
        T* const to = take<T>(values.size());
        if (to != nullptr) send(to, values.data(), values.size_bytes());
        return to;
    }
    // The same for a matrix that lies in rows.
    kernels::Matrix copy(const kernels::Matrix& matrix);

    // n values of the host for copies from and to the device; empty once there is no more.
    template <class T>
    std::span<T> share(std::size_t n) {
        std::byte* const memory = share_bytes(n * sizeof(T));
        return {reinterpret_cast<T*>(memory), memory == nullptr ? 0 : n};
    }

    // Whether everything so far got its memory.
    bool is_complete() const { return is_complete_; }
    std::uint64_t bytes() const { return bytes_; }  // of the device

 private:
    std::byte* take_bytes(std::size_t n);
    std::byte* share_bytes(std::size_t n);
    void send(void* to, const void* from, std::size_t bytes);

    kernels::Stream* const stream_;
    const Purpose purpose_;
    std::vector<kernels::DeviceBuffer> buffers_;
    std::vector<kernels::PinnedMemory> shared_;
    std::uint64_t bytes_ = 0;
    bool is_complete_;
};

}  // namespace greenroom::runtime
