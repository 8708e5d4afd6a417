#include "runtime/model/device_activations.hpp"

namespace greenroom::runtime {

DeviceActivations::DeviceActivations(DeviceMemory& memory, std::int64_t n_rows, std::int64_t cols)
    : rounded_{Rounded{.block = 32, .q = nullptr, .scales = nullptr},
               Rounded{.block = 256, .q = nullptr, .scales = nullptr}} {
    const auto n = static_cast<std::size_t>(n_rows * cols);
    for (Rounded& rounded : rounded_) {
        rounded.q = memory.take<std::int8_t>(n);
        rounded.scales = memory.take<float>(n / static_cast<std::size_t>(rounded.block) + 1);
    }
}

void DeviceActivations::assign(const float* x, int n_rows, int cols) {
    x_ = x;
    n_rows_ = n_rows;
    cols_ = cols;
    for (Rounded& rounded : rounded_) rounded.is_made = false;
}

kernels::DeviceRows DeviceActivations::rows_for(kernels::BlockType weights,
                                                kernels::Stream& stream) {
    const int block = kernels::rounding_of(weights);
    if (block == 0) return {.values = x_};
    Rounded& rounded = rounded_[block == 32 ? 0 : 1];
    if (!rounded.is_made) {
        launch(kernels::RoundRows{.x = x_,
                                  .q = rounded.q,
                                  .scales = rounded.scales,
                                  .n_rows = n_rows_,
                                  .cols = cols_,
                                  .block = block},
               stream);
        rounded.is_made = true;
    }
    return {.values = x_, .q = rounded.q, .scales = rounded.scales};
}

}  // namespace greenroom::runtime
