// A batch of activation rows in device memory, rounded once for all products that read them. The
// device's counterpart of kernels::Activations.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/device/ops.hpp"
#include "runtime/model/device_memory.hpp"

namespace greenroom::runtime {

// One caller at a time.
class DeviceActivations {
 public:
    // Room for batches up to (n_rows, cols), in `memory`, which must outlive this.
    DeviceActivations(DeviceMemory& memory, std::int64_t n_rows, std::int64_t cols);

    // Takes x as the current batch (not copied) and forgets the rounded forms of the last one.
    void assign(const float* x, int n_rows, int cols);  // x: (n_rows, cols)
    int n_rows() const { return n_rows_; }
    const float* values() const { return x_; }  // (n_rows, cols)
    // The batch in the form that products with `weights` want; made on the first use.
    kernels::DeviceRows rows_for(kernels::BlockType weights, kernels::Stream& stream);

 private:
    struct Rounded {
        int block;
        std::int8_t* q;
        float* scales;
        bool is_made = false;
    };
    std::array<Rounded, 2> rounded_;
    const float* x_ = nullptr;
    int n_rows_ = 0, cols_ = 0;
};

}  // namespace greenroom::runtime
