// What a machine can do, as its profile in configs/hardware says: how much its memories hold and
// how fast they are. Estimates rest on it; nothing that runs does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "io/result.hpp"

namespace greenroom::runtime {

struct HardwareProfile {
    std::string name = {};
    // Of the device; no memory: there is none, and the CPU computes.
    std::uint64_t device_memory_bytes = 0;
    double device_bytes_per_s = 0;  // that its kernels read weights with
    double link_bytes_per_s = 0;    // from host memory to the device
    std::uint64_t host_memory_bytes = 0;
    double host_bytes_per_s = 0;  // that the CPU reads weights with
    double disk_bytes_per_s = 0;
    double disk_latency_s = 0;  // of one read
    double layer_s = 0;         // that a layer takes besides reading weights

    bool has_device() const { return device_memory_bytes > 0; }
    double compute_bytes_per_s() const {
        return has_device() ? device_bytes_per_s : host_bytes_per_s;
    }
};

// An Error names file, line and key; keys that do not exist are errors.
io::Result<HardwareProfile> load_hardware_profile(const std::filesystem::path& path);

}  // namespace greenroom::runtime
