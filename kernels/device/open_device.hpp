// Opens a GPU, or says in one line why it cannot be used. Knows no settings.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "kernels/device/device.hpp"

namespace greenroom::kernels {

struct DeviceRefusal {
    std::string reason;      // one line, and what to do about it
    bool is_absent = false;  // there is no GPU or no driver: nothing is broken
};

// `runtime` and `ops` must outlive the device. `architectures` are the GPU generations that device
// code was built for, oldest first: "75;86".
std::variant<std::unique_ptr<Device>, DeviceRefusal> open_device(GpuRuntime& runtime,
                                                                 const DeviceOps& ops,
                                                                 std::string_view architectures,
                                                                 int index);

}  // namespace greenroom::kernels
