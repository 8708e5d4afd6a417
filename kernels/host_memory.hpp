// How much memory this process may still take.
#pragma once

#include <cstdint>
#include <optional>

namespace greenroom::kernels {

// Bytes available without swapping: the least of the system's MemAvailable and what the cgroup
// (v1 or v2) leaves. Empty where neither can be read.
std::optional<std::uint64_t> available_memory();

}  // namespace greenroom::kernels
