// The calls of device ops that are measured, at the shapes of Mixtral 8x7B, and how many bytes each
// has to move. Measures nothing.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "kernels/device/device.hpp"
#include "kernels/device/ops.hpp"

namespace greenroom::perf {

// Hands out a case's memory. The same case asks for the same pieces in the same order each time.
class Room {
 public:
    // `memory` may be null: then only bytes are counted. Where there is a stream, what a case puts
    // is written to it.
    explicit Room(std::byte* memory, kernels::Stream* fill = nullptr)
        : memory_(memory), fill_(fill) {}

    template <class T>
    T* take(std::size_t n) {
        constexpr std::size_t kAlignment = 256;
        const std::size_t at = used_;
        used_ += (n * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
        return memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + at);
    }
    template <class T>
    T* put(const std::vector<T>& values) {
        T* const to = take<T>(values.size());
        if (fill_ != nullptr) {
            fill_->copy(
                {to, values.data(), values.size() * sizeof(T), kernels::CopyDirection::to_device});
            fill_->synchronize();
        }
        return to;
    }
    std::size_t used() const { return used_; }

 private:
    std::byte* memory_;
    kernels::Stream* fill_;
    std::size_t used_ = 0;
};

struct GpuCase {
    std::string op, type;  // type of weights or of keys and values; may be empty
    std::string shape;
    double bytes;      // read and written at least
    double flops = 0;  // where they may be the limit
    // Takes its memory and, where there is a stream, launches.
    std::function<void(Room& room, kernels::Stream* stream)> run = {};
};

// `call(room)` makes the op.
template <class Call>
GpuCase case_of(GpuCase c, Call call) {
    c.run = [call](Room& room, kernels::Stream* stream) {
        const auto op = call(room);
        if (stream != nullptr) launch(op, *stream);
    };
    return c;
}

// Of a model.
struct GpuShape {
    int embed = 4096, ff = 14336, vocabulary = 32000;
    int n_heads = 32, n_kv_heads = 8, head_dim = 128;
    int n_experts = 8, k = 2;
    std::vector<int> batches = {1, 512};
    std::vector<int> positions = {1024, 4096, 32768};
};

// Of the ops that `ops` has: those without weights, and those with, for every block type.
std::vector<GpuCase> gpu_cases(const kernels::DeviceOps& ops, const GpuShape& shape);
std::vector<GpuCase> gpu_weight_cases(const kernels::DeviceOps& ops, const GpuShape& shape);

}  // namespace greenroom::perf
