// Activations on a device for tests of products: the floats, and rounded as a type of weights
// wants them.
#pragma once

#include <vector>

#include "kernels/matrix.hpp"
#include "tests/support/device_case.hpp"

namespace greenroom::tests {

class RowsOnDevice {
 public:
    RowsOnDevice(DeviceCase& device, const std::vector<float>& x, int cols, kernels::BlockType w)
        : block_(kernels::rounding_of(w)),
          values_(device, x),
          q_(device, block_ == 0 ? 1 : x.size()),
          scales_(device, block_ == 0 ? 1 : x.size() / static_cast<std::size_t>(block_)) {
        if (block_ == 0) return;
        launch(kernels::RoundRows{.x = values_.data(),
                                  .q = q_.data(),
                                  .scales = scales_.data(),
                                  .n_rows = static_cast<int>(x.size()) / cols,
                                  .cols = cols,
                                  .block = block_},
               device.stream());
    }

    kernels::DeviceRows rows() {
        if (block_ == 0) return {.values = values_.data()};
        return {.q = q_.data(), .scales = scales_.data()};
    }

 private:
    int block_;
    OnDevice<float> values_;
    OnDevice<std::int8_t> q_;
    OnDevice<float> scales_;
};

// The bytes of a matrix on a device.
class MatrixOnDevice {
 public:
    MatrixOnDevice(DeviceCase& device, const kernels::Matrix& matrix)
        : bytes_(device, std::vector<std::byte>(matrix.data, matrix.data + matrix.bytes())),
          matrix_(matrix) {
        matrix_.data = bytes_.data();
    }
    const kernels::Matrix& matrix() const { return matrix_; }

 private:
    OnDevice<std::byte> bytes_;
    kernels::Matrix matrix_;
};

}  // namespace greenroom::tests
